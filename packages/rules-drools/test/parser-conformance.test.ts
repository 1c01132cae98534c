import type { Diagnostic } from "@acteon/core";
import { describePublicSuite } from "@acteon/rules/conformance";
import { expect, test } from "vitest";
import { parseDrl, parseDrlExpression } from "../src/index.ts";
import { vectors } from "./vectors.ts";
import type { DrlCase } from "./vectors.ts";

const parser = vectors("parser");
const valid = parser?.filter(({ expect: expected }) => expected === "ok");
const invalid = parser?.filter(({ expect: expected }) => expected === "error");
const idOf = ({ id }: DrlCase): string => id;

describePublicSuite({
  suite: "drools parser, accepted",
  cases: valid,
  floor: 146,
  idOf,
  faultOf: (each) => told(problemsOf(each)),
});

describePublicSuite({
  suite: "drools parser, accepted or refused by name",
  cases: valid,
  floor: 180,
  idOf,
  faultOf: (each) => told(problemsOf(each).filter((problem) => !isByName(problem))),
});

/** Seen by eye: each says in its name, or in a comment, what is wrong with it, or is of a language before DRL. */
const broken =
  /broken|template_invalid1|comma_misuse|exist_instead_of_exists|invalid_syntax|misplaced_parenthesis|multiple_errors|npe_on_parser|one-rule|package_garbage|errors_parser_multiple|query-without-name|duff/;

describePublicSuite({
  suite: "drools corpus, nothing unnamed",
  cases: vectors("corpus"),
  floor: 476,
  idOf,
  faultOf(each) {
    const problems = problemsOf(each);
    if (!broken.test(each.id)) return told(problems.filter((problem) => !isByName(problem)));
    return problems.length === 0 ? "accepted, though it is broken on purpose" : undefined;
  },
});

test.skipIf(invalid === undefined)("what is no DRL is refused", () => {
  expect(invalid?.filter((each) => problemsOf(each).length === 0).map(idOf)).toEqual([]);
});

function problemsOf({ kind, drl, id }: DrlCase): readonly Diagnostic[] {
  return (kind === "expr" ? parseDrlExpression(drl, id) : parseDrl(drl, id)).diagnostics;
}

/** What the dialect leaves out, in the words of the messages. */
const leftOut =
  /OOPath|named consequence|entry point|`groupby`|unification|`calendars`|a trait|body of a function|Java in `accumulate`|rule template|domain-specific/;

function isByName({ code, summary }: Diagnostic): boolean {
  return code === "ACT-R030" && leftOut.test(summary);
}

function told(problems: readonly Diagnostic[]): string | undefined {
  if (problems.length === 0) return undefined;
  return problems.map(({ span: { start }, summary }) => `${start.line}:${start.column} ${summary}`).join("; ");
}
