import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { ParsedNode, YAMLMap } from "yaml";
import type { JsonValue } from "@acteon/core";
import type { Extent } from "@acteon/rules";
import type { MetadataBlock } from "./metadata-block.ts";

/** Longest block: a library reads it that takes its time with what is no YAML. */
export const maxBlockLength = 8_192;
const maxAliases = 20;
const maxDepth = 32;
/** Values, once every alias stands for what it names. */
const maxValues = 10_000;

/** A field of a block. */
export interface MetadataField {
  readonly key: string;
  readonly keyExtent: Extent;
  readonly value: JsonValue;
  /** As it is written, where it is a scalar. */
  readonly source: string | undefined;
  readonly valueExtent: Extent;
}

/** The fields of the mapping that a block is; `undefined` where it is none, which is reported. */
export function metadataFields(block: MetadataBlock): readonly MetadataField[] | undefined {
  if (block.yaml.length > maxBlockLength) {
    block.error({
      code: "ACT-R002",
      at: { start: 0, end: 0 },
      summary: `METADATA of more than ${maxBlockLength} characters`,
    });
    return undefined;
  }
  const document = parseDocument(block.yaml, {
    schema: "core",
    intAsBigInt: true,
    // Keys are compared by `MetadataReader`, in a set; the library compares each with every other.
    uniqueKeys: false,
    prettyErrors: false,
  });
  // The first mistake is told: those behind it are mostly its consequences.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const at = { start: problem.pos[0], end: problem.pos[1] };
    if (problem.code === "TAG_RESOLVE_FAILED") refuse(block, at, "a tag that YAML's core schema does not have");
    else block.error({ code: "ACT-R001", at, summary: `no valid YAML: ${problem.message}` });
    return undefined;
  }
  try {
    return new MetadataReader(block).fields(document.contents);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return undefined;
  }
}

/** What a block may not have was found, and reported. */
class Refused extends Error {}

interface Counted {
  readonly value: JsonValue;
  readonly size: number;
}

class MetadataReader {
  readonly #block: MetadataBlock;
  readonly #anchors = new Map<string, Counted>();
  #aliases = 0;
  #size = 0;

  constructor(block: MetadataBlock) {
    this.#block = block;
  }

  fields(root: ParsedNode | null): readonly MetadataField[] | undefined {
    if (isMap(root)) return this.#pairs(root, 1);
    const at = root === null ? { start: 0, end: 0 } : extentOf(root);
    const summary = "METADATA consists of fields";
    this.#block.error({ code: "ACT-R006", at, summary, help: "write comment lines below it, such as `# title: …`" });
    return undefined;
  }

  #pairs(map: YAMLMap.Parsed, depth: number): readonly MetadataField[] {
    const seen = new Set<string>();
    return map.items.map(({ key, value }) => {
      const keyExtent = extentOf(key);
      if (!isScalar(key) || typeof key.value !== "string") return this.#refuse(keyExtent, "a key that is no text");
      if (key.value === "__proto__") return this.#refuse(keyExtent, "the key `__proto__`");
      if (key.anchor !== undefined) return this.#refuse(keyExtent, "an anchor at a key");
      if (seen.has(key.value)) return this.#refuse(keyExtent, `the key \`${key.value}\` twice in one mapping`);
      seen.add(key.value);
      const source = isScalar(value) ? value.source : undefined;
      const valueExtent = value === null ? keyExtent : extentOf(value);
      return { key: key.value, keyExtent, value: this.#value(value, depth), source, valueExtent };
    });
  }

  #value(node: ParsedNode | null, depth: number): JsonValue {
    if (node === null) return null;
    const at = extentOf(node);
    if (isAlias(node)) {
      if (++this.#aliases > maxAliases) this.#refuse(at, `more than ${maxAliases} aliases`);
      const named = this.#anchors.get(node.source);
      if (named === undefined) return this.#refuse(at, `an alias without an anchor \`&${node.source}\` in front of it`);
      this.#count(named.size, at);
      return named.value;
    }
    if (depth > maxDepth) this.#refuse(at, `more than ${maxDepth} levels`);
    const sizeBefore = this.#size;
    this.#count(1, at);
    const value = this.#plainValue(node, depth, at);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { value, size: this.#size - sizeBefore });
    return value;
  }

  #plainValue(node: ParsedNode, depth: number, at: Extent): JsonValue {
    if (isMap(node)) {
      return Object.fromEntries(this.#pairs(node, depth + 1).map(({ key, value }) => [key, value]));
    }
    if (isSeq(node)) return node.items.map((item) => this.#value(item, depth + 1));
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === "bigint") {
      return Number.isSafeInteger(Number(value)) ? Number(value) : JSON.rawJSON(value.toString());
    }
    if (typeof value === "number" && !Number.isFinite(value)) this.#refuse(at, "a number that JSON does not have");
    return value as JsonValue;
  }

  #count(values: number, at: Extent): void {
    this.#size += values;
    if (this.#size > maxValues) this.#refuse(at, `more than ${maxValues} values`);
  }

  #refuse(at: Extent, what: string): never {
    refuse(this.#block, at, what);
    throw new Refused();
  }
}

function refuse(block: MetadataBlock, at: Extent, what: string): void {
  block.error({ code: "ACT-R003", at, summary: `yaml_not_allowed: ${what}` });
}

function extentOf({ range: [start, end] }: ParsedNode): Extent {
  return { start, end };
}
