import type { RawJson } from "@acteon/core";

/** A value of a YAML file with its place: UTF-16 offsets into the text, `end` exclusive. Where an alias stood is the anchored node itself. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: "scalar";
  /** By the core schema; an integer that no double holds keeps its digits. */
  readonly value: string | number | boolean | null | RawJson;
  readonly start: number;
  readonly end: number;
}

export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly start: number;
  readonly end: number;
}

export interface YamlMap {
  readonly kind: "map";
  /** In the order of the file; no key twice. */
  readonly entries: readonly YamlEntry[];
  readonly start: number;
  readonly end: number;
}

export interface YamlEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: YamlNode;
}
