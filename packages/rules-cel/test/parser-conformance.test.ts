import { Findings } from "@acteon/rules";
import { describePublicSuite } from "@acteon/rules/conformance";
import { tokensOf } from "../src/lexer.ts";
import { Parser } from "../src/parser.ts";
import { printAst } from "./print-ast.ts";
import { vectors } from "./vectors.ts";
import type { CelCase } from "./vectors.ts";

const [suite, parsing, comprehension] = await Promise.all([
  vectors("conformance"),
  vectors("parsing"),
  vectors("comprehension"),
]);

describePublicSuite({
  suite: "cel parser",
  cases: [...[...parsing, ...comprehension].filter(counts), ...suite.filter(({ ast }) => ast !== undefined)],
  floor: 2_505,
  idOf: ({ path, expr }) => (path === "" ? expr : `${path}: ${expr}`),
  faultOf,
});

/** Not those that were refused because a part of the grammar was switched off, or by the limits of that parser. */
function counts({ ast, error = "" }: CelCase): boolean {
  return ast !== undefined || !/unsupported syntax|recursion|lookahead/.test(error);
}

function faultOf({ expr, ast }: CelCase): string | undefined {
  const findings = new Findings("case.cel", expr);
  const parser = new Parser(findings, tokensOf(findings));
  const parsed = parser.expression();
  if (parser.next.kind !== "end") parser.unexpected("the end");
  if (ast === undefined) return findings.hasErrors ? undefined : "read, though it is to be refused";
  if (findings.hasErrors) return `refused: ${findings.sorted()[0]?.summary}`;
  const printed = printAst(parsed).trim();
  return printed === ast.trim() ? undefined : `read as ${printed}`;
}
