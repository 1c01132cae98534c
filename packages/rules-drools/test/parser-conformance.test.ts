import type { Diagnostic } from "@acteon/core";
import { describePublicSuite } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { parseDrl, parseDrlExpression } from "../src/index.ts";
import { vectors } from "./vectors.ts";
import type { DrlCase } from "./vectors.ts";

/** What the dialect leaves out, in the words of the messages. */
const leftOut =
  /OOPath|named consequence|entry point|`groupby`|unification|`calendars`|a trait|body of a function|Java in `accumulate`|rule template|domain-specific/;

/** Files that are no DRL, seen by eye: each says in its name or in a comment what is wrong with it, or is of an older language. */
const broken =
  /broken|template_invalid1|comma_misuse|exist_instead_of_exists|invalid_syntax|misplaced_parenthesis|multiple_errors|npe_on_parser|one-rule|package_garbage|errors_parser_multiple|query-without-name|duff/;

const parser = vectors("drl-parser.json");
const valid = parser?.filter(({ expect: expected }) => expected === "ok");
const idOf = ({ id }: DrlCase): string => id;

describePublicSuite({ suite: "drools parser, accepted", cases: valid, floor: 146, idOf, faultOf: problemsIn });

describePublicSuite({
  suite: "drools parser, accepted or refused by name",
  cases: valid,
  floor: 180,
  idOf,
  faultOf: unnamedProblemsIn,
});

describePublicSuite({
  suite: "drools corpus, nothing unnamed",
  cases: vectors("drl-corpus.json"),
  floor: 476,
  idOf,
  faultOf: (each) => (broken.test(each.id) ? undefined : unnamedProblemsIn(each)),
});

describe.skipIf(parser === undefined)("the cases of Drools' parser tests", () => {
  const wrong = (parser ?? []).filter(({ expect: expected }) => expected === "error");

  test.each(wrong.map((each) => [each.id, each] as const))("what is no DRL is refused: %s", (_, each) => {
    expect(problemsOf(each)).not.toEqual([]);
  });
});

function problemsOf({ kind, drl, id }: DrlCase): readonly Diagnostic[] {
  return (kind === "expr" ? parseDrlExpression(drl, id) : parseDrl(drl, id)).diagnostics;
}

function problemsIn(each: DrlCase): string | undefined {
  return shown(problemsOf(each));
}

function unnamedProblemsIn(each: DrlCase): string | undefined {
  return shown(problemsOf(each).filter(({ code, summary }) => code !== "ACT-R030" || !leftOut.test(summary)));
}

function shown(problems: readonly Diagnostic[]): string | undefined {
  const texts = problems.map(({ span, summary }) => `${span.start.line}:${span.start.column} ${summary}`);
  return texts.length === 0 ? undefined : texts.join("; ");
}
