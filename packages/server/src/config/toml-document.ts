import type { Diagnostic, Span } from "@acteon/core";
import { parse, TomlError } from "smol-toml";
import { positionAt, tomlPositions } from "./toml-positions.ts";
import type { ConfigPath, KeyPlace } from "./toml-positions.ts";

/** What stands in a TOML file. Dates are not used by any key, and integers beyond 2^53 are refused by the library. */
export type TomlValue = string | number | boolean | Date | readonly TomlValue[] | TomlTable;

export interface TomlTable {
  readonly [key: string]: TomlValue;
}

export function isTomlTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** A TOML text, read, with the place of each of its keys. */
export class TomlDocument {
  readonly file: string;
  readonly text: string;
  readonly root: TomlTable;
  readonly places: readonly KeyPlace[];
  readonly #byPath: ReadonlyMap<string, KeyPlace>;

  constructor(file: string, text: string, root: TomlTable) {
    this.file = file;
    this.text = text;
    this.root = root;
    this.places = tomlPositions(text, file);
    this.#byPath = new Map(this.places.map((place) => [JSON.stringify(place.path), place]));
  }

  /** Of the key, or of what is nearest to it. */
  keySpan(path: ConfigPath): Span {
    return this.#nearest(path)?.key ?? this.#start();
  }

  /** Of what the key holds, or of what is nearest to it. */
  valueSpan(path: ConfigPath): Span {
    return this.#nearest(path)?.value ?? this.#start();
  }

  /** Itself; else the first key in it (`a.b = 1` makes `a` without naming it alone); else what is around it. */
  #nearest(path: ConfigPath): KeyPlace | undefined {
    const itself = this.#byPath.get(JSON.stringify(path));
    if (itself !== undefined) return itself;
    const inside = this.places.find((place) => path.every((step, i) => place.path[i] === step));
    if (inside !== undefined || path.length === 0) return inside;
    return this.#nearest(path.slice(0, -1));
  }

  #start(): Span {
    const start = positionAt(this.text, 0);
    return { file: this.file, start, end: start };
  }
}

export type ParsedToml =
  | { readonly kind: "parsed"; readonly document: TomlDocument }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/** Never throws: bad text is data. TOML stops at the first fault of syntax, so there is one diagnostic at most. */
export function parseToml(text: string, file: string): ParsedToml {
  try {
    return {
      kind: "parsed",
      document: new TomlDocument(file, text, parse(text, { maxDepth, unsafeKeyBehaviour: "throw" }) as TomlTable),
    };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const start = offsetOf(text, error.line, error.column);
    const span = { file, start: positionAt(text, start), end: positionAt(text, Math.min(start + 1, text.length)) };
    // The library's message is one sentence and then an excerpt, which `renderDiagnostic` shows in its own way.
    const reason = (error.message.split("\n", 1)[0] ?? "").replace(/^Invalid TOML document: /, "");
    return {
      kind: "rejected",
      diagnostics: [{ code: "ACT-C001", severity: "error", summary: `not valid TOML: ${reason}`, span }],
    };
  }
}

const maxDepth = 64;

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
  return Math.min(start + column - 1, text.length);
}
