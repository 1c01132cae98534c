import { renderDiagnostic } from "@acteon/core";
import type { Diagnostic } from "@acteon/core";
import { Findings } from "@acteon/rules";
import type { RegoModule, RegoRule, Term } from "../src/syntax/ast.ts";
import { parseModule, parseTerm } from "../src/syntax/parse-module.ts";

/** A term that has nothing wrong with it. */
export function readTerm(text: string): Term {
  return sound(new Findings("term.rego", text), parseTerm);
}

/** A file that has nothing wrong with it. */
export function readModule(text: string): RegoModule {
  return sound(new Findings("rules.rego", text), parseModule);
}

/** Rules that have nothing wrong with them. */
export function readRules(text: string): readonly RegoRule[] {
  return readModule(`package a\n${text}\n`).rules;
}

function sound<T>(findings: Findings, read: (findings: Findings) => T | undefined): T {
  const tree = read(findings);
  const problems = findings.sorted();
  if (tree === undefined || problems.length > 0) throw new Error(framesOf(problems, findings.text));
  return tree;
}

/** What is wrong with a file. */
export function problemsOf(text: string): readonly Diagnostic[] {
  const findings = new Findings("rules.rego", text);
  parseModule(findings);
  return findings.sorted();
}

/** As a person sees it. */
export function framesOf(problems: readonly Diagnostic[], text: string): string {
  return problems.map((each) => renderDiagnostic(each, text, { colour: false })).join("\n\n");
}

/** A text in which what is wrong was mended as the fixes say. */
export function mended(text: string): string {
  const fixes = problemsOf(text).flatMap(({ fix }) => fix ?? []);
  return fixes
    .toSorted((a, b) => b.span.start.offset - a.span.start.offset)
    .reduce((all, { span, text: by }) => all.slice(0, span.start.offset) + by + all.slice(span.end.offset), text);
}
