import { Findings } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { tokensOf } from "../src/lexer.ts";
import { Parser } from "../src/parser.ts";
import { printAst } from "./print-ast.ts";
import { printFailing, vectors } from "./vectors.ts";
import type { CelCase } from "./vectors.ts";

/** Of the 2,505 cases of the specification's parser that count. */
const floor = 2_500;

const suite = vectors("cel-conformance.json");
const parsing = vectors("cel-parsing.json");
const comprehension = vectors("cel-comprehension.json");

describe.skipIf(suite === undefined || parsing === undefined || comprehension === undefined)(
  "the CEL specification's parser cases",
  () => {
    test(`at least ${floor} are read, or refused, as they say`, () => {
      const cases = [
        ...[...(parsing ?? []), ...(comprehension ?? [])].filter((each) => counts(each)),
        ...(suite ?? []).filter(({ ast }) => ast !== undefined),
      ];
      const failing = cases.filter((each) => !keeps(each)).map((each) => JSON.stringify([each.path, each.expr]));
      printFailing(`parser, of ${cases.length}`, failing);
      expect(cases.length - failing.length).toBeGreaterThanOrEqual(floor);
    });
  },
);

/** Not those that were refused because a part of the grammar was switched off, or by the limits of that parser. */
function counts({ ast, error = "" }: CelCase): boolean {
  return ast !== undefined || !/unsupported syntax|recursion|lookahead/.test(error);
}

function keeps({ expr, ast }: CelCase): boolean {
  const findings = new Findings("case.cel", expr);
  const parser = new Parser(findings, tokensOf(findings));
  const parsed = parser.expression();
  if (parser.next.kind !== "end") parser.unexpected("the end");
  if (ast === undefined) return findings.hasErrors;
  return !findings.hasErrors && printAst(parsed).trim() === ast.trim();
}
