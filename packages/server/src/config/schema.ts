import type { TomlValue } from "./toml-document.ts";
import { isTomlTable } from "./toml-document.ts";

/** One key of a configuration file: what it takes, and what holds without it. */
export interface Key<T> {
  readonly shape: "key";
  /** In words, for messages: `a whole number from 0 to 65535`. */
  readonly expects: string;
  /** `undefined`: not such a value. */
  readonly read: (value: TomlValue) => T | undefined;
  /** What holds when the key is not set; of no use when it is required. */
  readonly fallback: T;
  readonly required: boolean;
  /** Text in an environment variable is taken as it stands; of any other key it is read as TOML. */
  readonly takesText: boolean;
  /** Never shown. */
  readonly secret: boolean;
  /** The words it may be, for suggestions. */
  readonly words: readonly string[];
  /** Words that are known and not built yet, each with the name of its part. */
  readonly laterWords: Readonly<Record<string, string>>;
  /** The part it belongs to, when that is not built yet: only values that change nothing are taken. */
  readonly later: string | undefined;
  /** What it bounds, where it is a bound (guarantees O1). */
  readonly bounds: string | undefined;
}

export interface Table<F extends Fields> {
  readonly shape: "table";
  readonly fields: F;
}

/** `[[name]]`: a list of tables of one kind. */
export interface TableList<F extends Fields> {
  readonly shape: "tables";
  readonly fields: F;
}

/** Checked by somebody else: the settings of providers, which each provider knows itself. */
export interface OpenField {
  readonly shape: "open";
}

export type Field = Key<unknown> | Table<Fields> | TableList<Fields> | OpenField;

export interface Fields {
  readonly [name: string]: Field;
}

/** What a checked file gives. */
export type Infer<F> =
  F extends Key<infer T>
    ? T
    : F extends Table<infer G>
      ? { readonly [N in keyof G]: Infer<G[N]> }
      : F extends TableList<infer G>
        ? readonly { readonly [N in keyof G]: Infer<G[N]> }[]
        : undefined;

export function table<F extends Fields>(fields: F): Table<F> {
  return { shape: "table", fields };
}

export function tables<F extends Fields>(fields: F): TableList<F> {
  return { shape: "tables", fields };
}

export const open: OpenField = { shape: "open" };

export function text(): Key<string | undefined>;
export function text(fallback: string): Key<string>;
export function text(fallback?: string): Key<string | undefined> {
  return key({ expects: "text", read: asText, fallback, takesText: true });
}

export function secretText(): Key<string | undefined> {
  return key({ expects: "text", read: asText, fallback: undefined, takesText: true, secret: true });
}

export function flag(): Key<boolean | undefined>;
export function flag(fallback: boolean): Key<boolean>;
export function flag(fallback?: boolean): Key<boolean | undefined> {
  return key({
    expects: "true or false",
    read: (value) => (typeof value === "boolean" ? value : undefined),
    fallback,
  });
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export function integer(range: Range & { readonly fallback: number; readonly bounds?: string }): Key<number>;
export function integer(range: Range): Key<number | undefined>;
export function integer({
  min,
  max,
  ...rest
}: Range & { readonly fallback?: number; readonly bounds?: string }): Key<number | undefined> {
  return key({
    expects: `a whole number from ${min} to ${max}`,
    read: (value) => (Number.isInteger(value) && inRange(value, min, max) ? (value as number) : undefined),
    fallback: rest.fallback,
    bounds: rest.bounds,
  });
}

export function number({ min, max, fallback }: Range & { readonly fallback: number }): Key<number> {
  return key({
    expects: `a number from ${min} to ${max}`,
    read: (value) => (inRange(value, min, max) ? value : undefined),
    fallback,
  });
}

export function textList(fallback: readonly string[] = []): Key<readonly string[]> {
  return key({
    expects: "a list of texts",
    read: (value) =>
      Array.isArray(value) && value.every((item) => typeof item === "string") ? (value as string[]) : undefined,
    fallback,
  });
}

/** One of a few words; `later` names the part of each that is known and not built yet. */
export function oneOf<const W extends string>(words: readonly W[], fallback: NoInfer<W>): Key<W>;
export function oneOf<const W extends string>(
  words: readonly W[],
  fallback: NoInfer<W> | undefined,
  laterWords?: Readonly<Record<string, string>>,
): Key<W | undefined>;
export function oneOf<const W extends string>(
  words: readonly W[],
  fallback: W | undefined,
  laterWords: Readonly<Record<string, string>> = {},
): Key<W | undefined> {
  return key({
    expects: `one of ${words.join(", ")}`,
    read: (value) => words.find((word) => word === value),
    fallback,
    takesText: true,
    words,
    laterWords,
  });
}

/** A key that must be there. */
export function required<T>(of: Key<T | undefined>): Key<T> {
  // With `required` the reader refuses absence, so the fallback, the only way to `undefined`, is never used.
  return { ...of, required: true } as Key<T>;
}

/** A known key of a part that is not built yet: refused by name and line unless it changes nothing. */
export function later<T>(part: string, of: Key<T>): Key<T> {
  return { ...of, later: part };
}

/** The same for what has a shape of its own, such as a list of chain definitions: anything but an empty one is refused. */
export function laterAnything(part: string): Key<undefined> {
  return key({
    expects: "nothing yet",
    read: () => undefined,
    fallback: undefined,
    later: part,
  });
}

/** Does a key of an unbuilt part ask for nothing: its default, `false`, or something empty? */
export function changesNothing(of: Key<unknown>, value: TomlValue): boolean {
  if (value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isTomlTable(value)) return Object.keys(value).length === 0;
  return of.fallback !== undefined && of.read(value) === of.fallback;
}

function key<T>(parts: Pick<Key<T>, "expects" | "read" | "fallback"> & Partial<Key<T>>): Key<T> {
  return {
    shape: "key",
    required: false,
    takesText: false,
    secret: false,
    words: [],
    laterWords: {},
    later: undefined,
    bounds: undefined,
    ...parts,
  };
}

function asText(value: TomlValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function inRange(value: TomlValue, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}
