import { Findings } from "@acteon/rules";
import type { Diagnostic } from "@acteon/core";
import type { DrlFile } from "./syntax/ast.ts";
import type { DrlExpr } from "./syntax/ast-expression.ts";
import { Cursor } from "./syntax/cursor.ts";
import { grammar } from "./syntax/grammar.ts";
import { tokensOf } from "./syntax/lexer.ts";
import { parseFile } from "./syntax/parse-file.ts";
import { parseWhole } from "./syntax/parse-expression.ts";

/**
 * Reads a file as DRL, and no more: names are not looked up, and what stands behind `then` is not looked at. The
 * diagnostics are what breaks the grammar, and what the dialect leaves out.
 */
export function parseDrl(
  text: string,
  file: string,
): { readonly file: DrlFile; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(file, text);
  return { file: parseFile(findings, tokensOf(text)), diagnostics: findings.sorted() };
}

/** Reads one expression, as it may stand in a pattern; short forms such as `x > 1 && < 5` are restrictions, and none. */
export function parseDrlExpression(
  text: string,
  file: string,
): { readonly expr: DrlExpr; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(file, text);
  return { expr: parseWhole(new Cursor(findings, tokensOf(text), grammar)), diagnostics: findings.sorted() };
}
