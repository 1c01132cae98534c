import type { Extent, Findings } from "@acteon/rules";
import { coreScalar } from "./core-schema.ts";
import type { YamlEntry, YamlNode } from "./yaml-node.ts";

/** Bounds of one file (guarantees S9). */
export const maxAliases = 50;
/** Collections within each other, once every alias stands for what it names. */
export const maxYamlDepth = 64;
/** Values once every alias stands for what it names: fifty aliases alone can name a hundred million. */
export const maxYamlNodes = 100_000;

/** The anchor (`&name`) and tag (`!name`) in front of a value, as written. */
export interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

/**
 * Builds the tree of one document from what a parser meets in it, in order, and holds it to what a file of rules may have:
 * core schema, unique keys, no merge keys, no tags but `!!str`, bounds (guarantees S9, §8 row 58). A key that stands twice
 * keeps its first value, so that the rest of the file is still read.
 */
export class YamlTree {
  root: YamlNode | undefined;
  readonly #findings: Findings;
  readonly #open: Collection[] = [];
  /** Anchored values, complete ones only: a value that names itself finds nothing. */
  readonly #anchors = new Map<string, Built>();
  #aliases = 0;
  #size = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** @throws {YamlBoundError} Here as in every method: one of the bounds is passed, and the rest is not looked at. */
  openCollection(kind: Collection["kind"], at: Extent, properties: Properties): void {
    if (this.#mapThatNeedsKey() !== undefined) throw keyThatIsNoText(at);
    const own = { start: at.start, end: at.end, anchor: properties.anchor, sizeBefore: this.#size, height: 1 };
    this.#count(1, at);
    this.#checkHeight(1, at);
    this.#checkTag(properties.tag, undefined, at);
    this.#open.push(
      kind === "list" ? { kind, items: [], ...own } : { kind, entries: [], keys: new Map(), key: undefined, ...own },
    );
  }

  closeCollection(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const { start, end, height } = closed;
    const node: YamlNode =
      closed.kind === "list"
        ? { kind: "list", items: closed.items, start, end }
        : { kind: "map", entries: closed.entries, start, end };
    this.#add({ node, size: this.#size - closed.sizeBefore, height }, end, closed.anchor);
  }

  /** @param isPlain Neither in quotes nor a block: only then `5` is a number. */
  scalar(text: string, isPlain: boolean, at: Extent, { anchor, tag }: Properties): void {
    const map = this.#mapThatNeedsKey();
    this.#count(1, at);
    if (map !== undefined) {
      const node: YamlNode = { kind: "scalar", value: text, start: at.start, end: at.end };
      if (anchor !== undefined) this.#anchors.set(anchor, { node, size: 1, height: 0 });
      return this.#key(map, text, isPlain, at);
    }
    this.#checkTag(tag, "!!str", at);
    const value = isPlain && tag === undefined ? coreScalar(text) : text;
    if (value === undefined) {
      refuse(this.#findings, at, `the number \`${text}\``, "JSON has none such: put it in quotes if text is meant");
    }
    const node: YamlNode = { kind: "scalar", value: value ?? null, start: at.start, end: at.end };
    this.#add({ node, size: 1, height: 0 }, at.end, anchor);
  }

  alias(name: string, at: Extent): void {
    if (++this.#aliases > maxAliases) throw new YamlBoundError("ACT-R003", at, `more than ${maxAliases} aliases`);
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      this.#findings.error({ code: "ACT-R001", at, summary: `no anchor \`&${name}\` in front of this alias` });
      return this.scalar("", false, at, { anchor: undefined, tag: undefined });
    }
    const { node, size, height } = anchored;
    this.#count(size, at);
    this.#checkHeight(height, at);
    const map = this.#mapThatNeedsKey();
    if (map === undefined) return this.#add(anchored, at.end, undefined);
    if (node.kind !== "scalar" || typeof node.value !== "string") throw keyThatIsNoText(at);
    this.#key(map, node.value, false, at);
  }

  #mapThatNeedsKey(): OpenMap | undefined {
    const parent = this.#open.at(-1);
    return parent?.kind === "map" && parent.key === undefined ? parent : undefined;
  }

  #key(map: OpenMap, key: string, isPlain: boolean, at: Extent): void {
    if (key === "<<" && isPlain) {
      refuse(this.#findings, at, "a merge key", "an alias may stand for a whole value: `key: *anchor`");
    } else if (key === "__proto__") {
      refuse(this.#findings, at, "the key `__proto__`");
    } else if (key === "prototype" && this.#keyAbove() === "constructor") {
      refuse(this.#findings, at, "the key `prototype` in `constructor`");
    }
    const first = map.keys.get(key);
    if (first === undefined) {
      map.keys.set(key, at);
    } else {
      this.#findings.error({
        code: "ACT-R003",
        at,
        summary: `yaml_not_allowed: the key \`${key}\` stands twice in one mapping`,
        label: "again here",
        related: { at: first, text: "first here" },
      });
    }
    map.key = { name: key, start: at.start, end: at.end, isRepeated: first !== undefined };
    map.end = at.end;
  }

  /** The key under which the mapping at hand stands. */
  #keyAbove(): string | undefined {
    const above = this.#open.at(-2);
    return above?.kind === "map" ? above.key?.name : undefined;
  }

  /** @param end Where the parent ends at least. */
  #add(built: Built, end: number, anchor: string | undefined): void {
    const { node, height } = built;
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.root = node;
      return;
    }
    parent.end = Math.max(parent.end, end);
    parent.height = Math.max(parent.height, height + 1);
    if (parent.kind === "list") {
      parent.items.push(node);
      return;
    }
    const { key } = parent;
    parent.key = undefined;
    if (key !== undefined && !key.isRepeated) {
      parent.entries.push({ key: key.name, keyStart: key.start, keyEnd: key.end, value: node });
    }
  }

  #checkTag(tag: string | undefined, allowed: string | undefined, at: Extent): void {
    if (tag === undefined || tag === allowed) return;
    refuse(this.#findings, at, `the tag \`${tag}\``, "no tag but `!!str` has a place here");
  }

  #checkHeight(levels: number, at: Extent): void {
    if (this.#open.length + levels <= maxYamlDepth) return;
    throw new YamlBoundError("ACT-R002", at, `more than ${maxYamlDepth} levels`);
  }

  #count(nodes: number, at: Extent): void {
    this.#size += nodes;
    if (this.#size <= maxYamlNodes) return;
    throw new YamlBoundError(
      "ACT-R002",
      at,
      `more than ${maxYamlNodes} values, where an alias counts as what it names`,
    );
  }
}

/** A complete value, with what it is worth where an alias names it: values in it, and collections within each other. */
interface Built {
  readonly node: YamlNode;
  readonly size: number;
  readonly height: number;
}

type Collection = OpenList | OpenMap;

interface Opened {
  readonly start: number;
  end: number;
  readonly anchor: string | undefined;
  readonly sizeBefore: number;
  height: number;
}

interface OpenList extends Opened {
  readonly kind: "list";
  readonly items: YamlNode[];
}

interface OpenMap extends Opened {
  readonly kind: "map";
  readonly entries: YamlEntry[];
  readonly keys: Map<string, Extent>;
  /** The key whose value comes next. */
  key:
    | { readonly name: string; readonly start: number; readonly end: number; readonly isRepeated: boolean }
    | undefined;
}

/** Past this a file is not read on: it would cost more than it may, or mean nothing. */
export class YamlBoundError extends Error {
  readonly code: "ACT-R002" | "ACT-R003";
  readonly at: Extent;

  constructor(code: YamlBoundError["code"], at: Extent, message: string) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

function keyThatIsNoText(at: Extent): YamlBoundError {
  return new YamlBoundError("ACT-R003", at, "a key that is not text");
}

function refuse(findings: Findings, at: Extent, what: string, help?: string): void {
  const summary = `yaml_not_allowed: ${what}`;
  findings.error({ code: "ACT-R003", at, summary, ...(help !== undefined && { help }) });
}
