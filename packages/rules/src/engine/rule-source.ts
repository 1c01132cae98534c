import { digest } from "@acteon/core";
import type { Diagnostic, Span } from "@acteon/core";
import { compileRule } from "../compile/compile-rule.ts";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import { errorAt } from "../diagnostics/finding.ts";
import type { ParsedRules, RuleFrontEnd } from "../front-end.ts";
import type { Rule } from "../ir/rule.ts";
import { validateExpr } from "../validate/validate-expr.ts";
import { validateRule } from "../validate/validate-rule.ts";
import type { RankedRule } from "./ranked-rule.ts";

/** Largest rule file, in bytes (guarantees S9). */
export const maxFileBytes = 1_048_576;

/** A rule file as it was understood. */
export interface RuleSourceFile {
  readonly file: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** In source order; of a file with an error those that were understood. */
  readonly rules: readonly Rule[];
  /** The same, compiled; empty where there is an error. */
  readonly ranked: readonly RankedRule[];
  /** Every problem of the file by itself. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A rule file as it was fetched. */
export interface FetchedFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
}

/** Work that may be left for a while wherever it yields. */
type Reading<T> = Generator<undefined, T>;

/**
 * Bytes to compiled rules: a pure function of its arguments, and a long one, some 100 µs a rule. It yields between rules; the
 * front end reads a file in one go.
 */
export function* readSource(
  fetched: FetchedFile,
  frontEnd: RuleFrontEnd,
  options: CompilerOptions,
): Reading<RuleSourceFile> {
  const text = textOf(fetched);
  if (typeof text !== "string") return refused(fetched, [text]);
  return yield* understood(fetched, frontEnd.parse(text, fetched.file), options);
}

/** The same of files that refer to each other. */
export function* readSources(
  files: readonly FetchedFile[],
  frontEnd: RuleFrontEnd,
  options: CompilerOptions,
): Reading<readonly RuleSourceFile[]> {
  const texts = files.map(textOf);
  const readable = files.flatMap(({ file }, i) => {
    const text = texts[i];
    return typeof text === "string" ? [{ file, text }] : [];
  });
  const answers = frontEnd.parseTogether?.(readable) ?? readable.map(({ text, file }) => frontEnd.parse(text, file));
  const parsed = new Map(answers.map((each, i) => [readable[i]!.file, each]));
  const sources: RuleSourceFile[] = [];
  for (const [i, fetched] of files.entries()) {
    const text = texts[i]!;
    sources.push(
      typeof text === "string"
        ? yield* understood(fetched, parsed.get(fetched.file)!, options)
        : refused(fetched, [text]),
    );
  }
  return sources;
}

function* understood(fetched: FetchedFile, parsed: ParsedRules, options: CompilerOptions): Reading<RuleSourceFile> {
  const { diagnostics: told, rules = [] } = parsed;
  const errors = told.filter(({ severity }) => severity === "error");
  const found = yield* findingsOf(parsed, options);
  const more = found.filter(({ span }) => !errors.some((each) => overlaps(each.span, span)));
  const diagnostics = [...told, ...more].toSorted((a, b) => a.span.start.offset - b.span.start.offset);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  const ranked: RankedRule[] = [];
  for (const rule of failed ? [] : rules) {
    yield;
    ranked.push(rankedRule(rule, options));
  }
  return { file: fetched.file, hash: fetched.hash, rules, ranked, diagnostics };
}

/** What is wrong beyond the language, with all that the language understood; a place of several rules is told of once. */
function* findingsOf(
  { rules = [], definitions = [] }: ParsedRules,
  options: CompilerOptions,
): Reading<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const rule of rules) {
    yield;
    found.push(...validateRule(rule, options));
  }
  for (const { params, value } of definitions) {
    yield;
    found.push(...validateExpr(value, { ...options, legacy: false }, new Set(params)));
  }
  const byPlace = new Map(found.map((each) => [`${each.code} ${placeText(each.span)} ${each.summary}`, each]));
  return [...byPlace.values()];
}

function overlaps(a: Span, b: Span): boolean {
  return a.start.offset <= b.end.offset && b.start.offset <= a.end.offset;
}

function placeText({ file, start, end }: Span): string {
  return `${file}:${start.offset}-${end.offset}`;
}

function refused({ file, hash }: FetchedFile, diagnostics: readonly Diagnostic[]): RuleSourceFile {
  return { file, hash, rules: [], ranked: [], diagnostics };
}

/** Its text, or why it has none. */
export function textOf({ bytes, file }: Pick<FetchedFile, "bytes" | "file">): string | Diagnostic {
  if (bytes.length > maxFileBytes) {
    const summary = `the file is larger than ${maxFileBytes / 1024 / 1024} MiB`;
    return errorAt("ACT-R002", startOf(file), { summary });
  }
  return decode(bytes) ?? errorAt("ACT-R026", startOf(file), { summary: "the file is not UTF-8 text" });
}

export function rankedRule(rule: Rule, options: CompilerOptions): RankedRule {
  const compiled = compileRule(rule, options);
  return { kind: "compiled", ref: compiled.ref, priority: rule.priority, enabled: rule.enabled, compiled };
}

export function hashOf(bytes: Uint8Array): string {
  return digest(bytes, "hex");
}

/** Without a byte order mark; `undefined`: not UTF-8. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function startOf(file: string): Span {
  const position = { line: 1, column: 1, offset: 0 };
  return { file, start: position, end: position };
}
