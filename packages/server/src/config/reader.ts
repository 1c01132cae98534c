import type { Diagnostic, FindingCode, Span } from "@acteon/core";
import { suggest } from "@acteon/core";
import { parse } from "smol-toml";
import type { Environment } from "./environment.ts";
import { expand, hasReference, overrideVariable, overrideVariables } from "./environment.ts";
import type { Field, Fields, Infer, Key, Table } from "./schema.ts";
import { changesNothing } from "./schema.ts";
import type { TomlDocument, TomlTable, TomlValue } from "./toml-document.ts";
import { isTomlTable } from "./toml-document.ts";
import type { ConfigPath } from "./toml-positions.ts";
import { pathText } from "./toml-positions.ts";

/** Where a value comes from; later ones win. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

/** Values of the command line by the path of the key they set (`server.port`), with the flag's name. */
export type Flags = ReadonlyMap<string, { readonly flag: string; readonly text: string }>;

export interface ReaderSources {
  readonly document: TomlDocument;
  readonly environment: Environment;
  readonly flags?: Flags | undefined;
  /** Files whose keys no variable overrides, such as the list of API keys. */
  readonly withoutOverrides?: boolean;
}

type Words = Pick<Diagnostic, "summary" | "label" | "help" | "notes">;

/** A value on its way, and where it is to be blamed. */
interface Candidate {
  readonly value: TomlValue;
  /** Text that came through the environment may stand for a number, a truth value or a list. */
  readonly fromText: boolean;
  readonly origin: Origin;
  readonly span: Span;
}

/** Reads a file against a schema: every problem is kept, and every value has an origin. */
export class ConfigReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly origins = new Map<string, Origin>();
  readonly document: TomlDocument;
  /** Paths whose texts may be shown; all other texts of the file may be secrets. */
  readonly shown = new Set<string>();
  readonly #environment: Environment;
  readonly #flags: Flags;
  readonly #unusedVariables: Set<string>;
  readonly #knownVariables: string[] = [];

  constructor({ document, environment, flags = new Map(), withoutOverrides = false }: ReaderSources) {
    this.document = document;
    this.#environment = environment;
    this.#flags = flags;
    this.#unusedVariables = new Set(withoutOverrides ? [] : overrideVariables(environment));
  }

  /** What the file, with what overrides it, says by this schema; fallbacks where it is wrong or silent. */
  read<F extends Fields>(schema: Table<F>): Infer<Table<F>> {
    const values = this.#table(schema.fields, this.document.root, []);
    // `#table` gives each field of the schema the value that its own `read` or `fallback` made.
    return values as Infer<Table<F>>;
  }

  /** The text of a key that no schema here knows, with its references expanded; problems are told at its place. */
  expandAt(text: string, path: ConfigPath): string {
    const expanded = expand(text, this.#environment);
    switch (expanded.kind) {
      case "expanded":
        return expanded.text;
      case "missing":
        for (const name of expanded.variables) {
          this.report("ACT-C005", this.document.valueSpan(path), {
            summary: `the environment variable ${name} is not set`,
            label: `${pathText(path)} needs it`,
            help: `set ${name}, or give a default: \${${name}:-…}`,
          });
        }
        return "";
      case "malformed":
        this.report("ACT-C005", this.document.valueSpan(path), {
          summary: `${pathText(path)} has a reference that names no variable`,
          help: "write ${NAME} or ${NAME:-default}",
        });
        return "";
    }
  }

  /** The override of a key, if there is one; it then counts as used. */
  takeOverride(path: ConfigPath): { readonly variable: string; readonly text: string } | undefined {
    const variable = overrideVariable(path);
    const text = this.#unusedVariables.has(variable) ? this.#environment[variable] : undefined;
    this.#unusedVariables.delete(variable);
    return text === undefined ? undefined : { variable, text };
  }

  /** Variables below a table that nothing has used yet, with their last part in lower case. */
  takeOverridesBelow(
    path: ConfigPath,
  ): readonly { readonly name: string; readonly variable: string; readonly text: string }[] {
    const prefix = `${overrideVariable(path)}__`;
    return [...this.#unusedVariables]
      .filter((variable) => variable.startsWith(prefix))
      .map((variable) => {
        this.#unusedVariables.delete(variable);
        return { name: variable.slice(prefix.length).toLowerCase(), variable, text: this.#environment[variable] ?? "" };
      });
  }

  /** Once all is read: variables that look like overrides and override nothing. */
  reportUnusedOverrides(): void {
    for (const variable of this.#unusedVariables) {
      const near = suggest(variable, this.#knownVariables);
      this.report("ACT-C002", environmentSpan(variable), {
        summary: `${variable} overrides no key`,
        ...(near === undefined ? {} : { help: `did you mean ${near}?` }),
      });
    }
  }

  report(code: FindingCode, span: Span, words: Words): void {
    this.diagnostics.push({ code, severity: "error", span, ...words });
  }

  warn(code: FindingCode, span: Span, words: Words): void {
    this.diagnostics.push({ code, severity: "warning", span, ...words });
  }

  #table(fields: Fields, raw: TomlTable, path: ConfigPath): Record<string, unknown> {
    for (const name of Object.keys(raw)) {
      if (!Object.hasOwn(fields, name)) this.#unknownKey(name, Object.keys(fields), path);
    }
    const values: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      values[name] = this.#field(field, Object.hasOwn(raw, name) ? raw[name] : undefined, [...path, name]);
    }
    return values;
  }

  #field(field: Field, raw: TomlValue | undefined, path: ConfigPath): unknown {
    switch (field.shape) {
      case "key":
        return this.#key(field, raw, path);
      case "open":
        return undefined;
      case "table":
        if (raw !== undefined && !isTomlTable(raw)) {
          this.#wrongShape(path, `a table: write [${pathText(path)}]`);
          return this.#table(field.fields, {}, path);
        }
        return this.#table(field.fields, raw ?? {}, path);
      case "tables": {
        const items = raw ?? [];
        if (Array.isArray(items) && items.every(isTomlTable)) {
          return items.map((item, i) => this.#table(field.fields, item, [...path, i]));
        }
        this.#wrongShape(path, `a list of tables: write [[${pathText(path)}]]`);
        return [];
      }
    }
  }

  #key(key: Key<unknown>, raw: TomlValue | undefined, path: ConfigPath): unknown {
    if (!path.some((step) => typeof step === "number")) this.#knownVariables.push(overrideVariable(path));
    const candidate = this.#candidate(raw, path);
    if (candidate === undefined) {
      this.origins.set(pathText(path), { kind: "default" });
      if (key.required) this.#missing(path);
      return key.fallback;
    }
    this.origins.set(pathText(path), candidate.origin);
    if (candidate.origin.kind === "file" && !key.secret) this.shown.add(JSON.stringify(path));
    return this.#checked(key, candidate, path);
  }

  /** What sets the key: the command line, else the environment, else the file. */
  #candidate(raw: TomlValue | undefined, path: ConfigPath): Candidate | undefined {
    const override = this.takeOverride(path);
    const flag = this.#flags.get(pathText(path));
    if (flag !== undefined) {
      const origin: Origin = { kind: "flag", flag: flag.flag };
      return { value: flag.text, fromText: true, origin, span: commandLineSpan(flag.flag) };
    }
    if (override !== undefined) {
      const origin: Origin = { kind: "environment", variable: override.variable };
      return { value: override.text, fromText: true, origin, span: environmentSpan(override.variable) };
    }
    if (raw === undefined) return undefined;
    const span = this.document.valueSpan(path);
    const origin: Origin = { kind: "file", file: span.file, line: span.start.line };
    if (typeof raw === "string" && hasReference(raw)) {
      return { value: this.expandAt(raw, path), fromText: true, origin, span };
    }
    return { value: this.#expandItems(raw, path), fromText: false, origin, span };
  }

  #expandItems(raw: TomlValue, path: ConfigPath): TomlValue {
    if (!Array.isArray(raw)) return raw;
    return (raw as readonly TomlValue[]).map((item, i) =>
      typeof item === "string" && hasReference(item) ? this.expandAt(item, [...path, i]) : item,
    );
  }

  #checked(key: Key<unknown>, { value, fromText, span }: Candidate, path: ConfigPath): unknown {
    const meant = fromText && !key.takesText && typeof value === "string" ? fromTomlText(value) : value;
    if (key.later !== undefined) {
      if (!changesNothing(key, meant)) {
        this.report("ACT-C004", span, {
          summary: `${pathText(path)}: ${key.later} is not built yet`,
          label: "known, and not built yet",
          help: `remove ${pathText(path)}`,
        });
      }
      return key.fallback;
    }
    if (typeof meant === "string" && Object.hasOwn(key.laterWords, meant)) {
      this.report("ACT-C004", span, {
        summary: `${pathText(path)} = "${meant}": ${key.laterWords[meant]} is not built yet`,
        label: "known, and not built yet",
        help: key.words.length === 0 ? `remove ${pathText(path)}` : `built so far: ${key.words.join(", ")}`,
      });
      return key.fallback;
    }
    const read = key.read(meant);
    if (read !== undefined) return read;
    const near = typeof meant === "string" && !key.secret ? suggest(meant, key.words) : undefined;
    this.report("ACT-C003", span, {
      summary: `${pathText(path)} must be ${key.expects}`,
      label: typeof meant === "number" ? `found ${meant}` : `found ${typeName(meant)}`,
      ...(near === undefined ? {} : { help: `did you mean "${near}"?` }),
    });
    return key.fallback;
  }

  #unknownKey(name: string, known: readonly string[], path: ConfigPath): void {
    const near = suggest(name, known);
    const span = this.document.keySpan([...path, name]);
    const where = path.length === 0 ? "" : ` in [${pathText(path)}]`;
    this.report("ACT-C002", span, {
      summary: `unknown key \`${name}\`${where}`,
      label: "no such key",
      ...(near === undefined ? { notes: [`known here: ${known.join(", ")}`] } : { help: `did you mean \`${near}\`?` }),
    });
  }

  #wrongShape(path: ConfigPath, expected: string): void {
    this.report("ACT-C003", this.document.keySpan(path), { summary: `${pathText(path)} must be ${expected}` });
  }

  #missing(path: ConfigPath): void {
    this.report("ACT-C007", this.document.keySpan(path.slice(0, -1)), {
      summary: `${pathText(path)} is missing`,
      label: `needs \`${String(path.at(-1))}\``,
    });
  }
}

/** A variable has no line: it stands for a file of its own. */
export function environmentSpan(variable: string): Span {
  return pointSpan(`environment variable ${variable}`);
}

function commandLineSpan(flag: string): Span {
  return pointSpan(`command line ${flag}`);
}

function pointSpan(file: string): Span {
  const point = { line: 1, column: 1, offset: 0 };
  return { file, start: point, end: point };
}

/** Text that stands for a number, a truth value or a list; itself when it is none of them. */
export function fromTomlText(text: string): TomlValue {
  try {
    return (parse(`value = ${text}`) as TomlTable)["value"] ?? text;
  } catch {
    return text;
  }
}

function typeName(value: TomlValue): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (isTomlTable(value)) return "a table";
  return typeof value === "string" ? "text" : "true or false";
}
