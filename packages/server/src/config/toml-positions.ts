import type { Position, Span } from "@acteon/core";
import { parse } from "smol-toml";

/** The steps from the top of a document to a value: names of keys, and indexes into lists. */
export type ConfigPath = readonly (string | number)[];

/** Where a key stands, and where what it holds. For the header of a table both are the name in the brackets. */
export interface KeyPlace {
  readonly path: ConfigPath;
  readonly key: Span;
  readonly value: Span;
}

/** `providers[0].url`: how messages write a path. */
export function pathText(path: ConfigPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += (text === "" ? "" : ".") + (/^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step));
  }
  return text;
}

/**
 * Every key of a TOML text and where it stands, which smol-toml does not tell. The text has been parsed already, so it is
 * known to be well-formed, and only as much grammar is read as it takes to find the keys: headers, strings of the four
 * kinds, lists and inline tables.
 */
export function tomlPositions(text: string, file: string): readonly KeyPlace[] {
  return new PositionScanner(text, file).scan();
}

/** The position of an offset; lines and columns from 1. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1, offset };
}

class PositionScanner {
  readonly #text: string;
  readonly #file: string;
  readonly #places: KeyPlace[] = [];
  /** How many tables each `[[list]]` has so far, by path. */
  readonly #lengths = new Map<string, number>();
  #at = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  scan(): readonly KeyPlace[] {
    let table: ConfigPath = [];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#text[this.#at] === "[") table = this.#header();
      else this.#keyValue(table);
    }
    return this.#places;
  }

  #header(): ConfigPath {
    const list = this.#text.startsWith("[[", this.#at);
    this.#at += list ? 2 : 1;
    this.#skipBlank();
    const start = this.#at;
    const names = this.#dottedKey();
    const span = this.#span(start);
    this.#at = this.#text.indexOf("]", this.#at) + (list ? 2 : 1);
    const path = this.#resolve(list ? names.slice(0, -1) : names);
    if (!list) {
      this.#places.push({ path, key: span, value: span });
      return path;
    }
    const listPath = [...path, names.at(-1) ?? ""];
    const index = this.#lengths.get(JSON.stringify(listPath)) ?? 0;
    this.#lengths.set(JSON.stringify(listPath), index + 1);
    if (index === 0) this.#places.push({ path: listPath, key: span, value: span });
    const element = [...listPath, index];
    this.#places.push({ path: element, key: span, value: span });
    return element;
  }

  /** `[a.b]` below a `[[a]]` speaks of the last `a`. */
  #resolve(names: readonly string[]): ConfigPath {
    let path: (string | number)[] = [];
    for (const name of names) {
      path = [...path, name];
      const length = this.#lengths.get(JSON.stringify(path));
      if (length !== undefined) path.push(length - 1);
    }
    return path;
  }

  #keyValue(table: ConfigPath): void {
    const start = this.#at;
    const path = [...table, ...this.#dottedKey()];
    const key = this.#span(start);
    this.#at = this.#text.indexOf("=", this.#at) + 1;
    this.#skipSpaces();
    const valueStart = this.#at;
    this.#value(path);
    this.#places.push({ path, key, value: this.#span(valueStart) });
  }

  #value(path: ConfigPath): void {
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") this.#string();
    else if (first === "[") this.#list(path);
    else if (first === "{") this.#inlineTable(path);
    else while (this.#at < this.#text.length && !/[\s,\]}#]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #list(path: ConfigPath): void {
    this.#at += 1;
    let index = 0;
    for (this.#skipBlank(); this.#text[this.#at] !== "]"; this.#skipBlank()) {
      if (this.#text[this.#at] === ",") this.#at += 1;
      else this.#value([...path, index++]);
    }
    this.#at += 1;
  }

  #inlineTable(path: ConfigPath): void {
    this.#at += 1;
    for (this.#skipBlank(); this.#text[this.#at] !== "}"; this.#skipBlank()) {
      if (this.#text[this.#at] === ",") this.#at += 1;
      else this.#keyValue(path);
    }
    this.#at += 1;
  }

  /** `a."b c".d`; stops behind the last name. */
  #dottedKey(): string[] {
    const names: string[] = [];
    for (;;) {
      const start = this.#at;
      if (this.#text[this.#at] === '"' || this.#text[this.#at] === "'") this.#string();
      else while (/[A-Za-z0-9_-]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
      names.push(keyName(this.#text.slice(start, this.#at)));
      const end = this.#at;
      this.#skipSpaces();
      if (this.#text[this.#at] !== ".") {
        this.#at = end;
        return names;
      }
      this.#at += 1;
      this.#skipSpaces();
    }
  }

  #string(): void {
    const quote = this.#text[this.#at] ?? "";
    const triple = quote.repeat(3);
    const multiline = this.#text.startsWith(triple, this.#at);
    this.#at += multiline ? 3 : 1;
    const end = multiline ? triple : quote;
    while (!this.#text.startsWith(end, this.#at)) this.#at += quote === '"' && this.#text[this.#at] === "\\" ? 2 : 1;
    this.#at += end.length;
    // A multi-line string may end in up to two quotes of its own.
    while (multiline && this.#text[this.#at] === quote) this.#at += 1;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at += 1;
  }

  /** Over white space, line ends and comments. */
  #skipBlank(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
      if (this.#text[this.#at] !== "#") return;
      const lineEnd = this.#text.indexOf("\n", this.#at);
      this.#at = lineEnd === -1 ? this.#text.length : lineEnd;
    }
  }

  #span(start: number): Span {
    return { file: this.#file, start: positionAt(this.#text, start), end: positionAt(this.#text, this.#at) };
  }
}

/** The name that a key as written stands for; quoted ones have TOML's escapes, which the library knows. */
function keyName(written: string): string {
  if (!/^["']/.test(written)) return written;
  return Object.keys(parse(`${written} = 0`))[0] ?? "";
}
