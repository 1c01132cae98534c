import type { Diagnostic } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { parseDrl, parseDrlExpression } from "../src/index.ts";
import { printFailing, vectors } from "./vectors.ts";
import type { DrlCase } from "./vectors.ts";

/** Of the 180 valid cases of Drools' own parser tests; the rest asks for what the dialect leaves out. */
const acceptedFloor = 146;

/** Of the 476 files of its repository. */
const readFloor = 463;

/** What the dialect leaves out, in the words of the messages. */
const leftOut =
  /OOPath|named consequence|entry point|`groupby`|unification|`calendars`|a trait|body of a function|Java in `accumulate`|rule template|domain-specific/;

const parser = vectors("drl-parser.json");
const corpus = vectors("drl-corpus.json");

describe.skipIf(parser === undefined)("the cases of Drools' parser tests", () => {
  const valid = (parser ?? []).filter(({ expect: expected }) => expected === "ok");

  test(`at least ${acceptedFloor} of ${valid.length} valid ones are accepted`, () => {
    const refused = valid.filter((each) => problemsOf(each).length > 0);
    printFailing(`refused, of ${valid.length}`, refused.map(shown));
    expect(valid.length - refused.length).toBeGreaterThanOrEqual(acceptedFloor);
  });

  test("what is not accepted is refused by name", () => {
    expect(valid.filter((each) => !problemsOf(each).every(isByName)).map(shown)).toEqual([]);
  });

  test("what is no DRL is refused", () => {
    const wrong = (parser ?? []).filter(({ expect: expected }) => expected === "error");
    expect(wrong.filter((each) => problemsOf(each).length === 0).map(shown)).toEqual([]);
  });
});

describe.skipIf(corpus === undefined)("the .drl files of the Drools repository", () => {
  test(`at least ${readFloor} are accepted, or refused by name`, () => {
    const failing = (corpus ?? []).filter((each) => !problemsOf(each).every(isByName));
    printFailing(`read wrongly, of ${corpus?.length}`, failing.map(shown));
    expect((corpus?.length ?? 0) - failing.length).toBeGreaterThanOrEqual(readFloor);
  });

  /** Seen by eye: each says in its name, or in a comment, what is wrong with it, or is of an older language. */
  const broken =
    /broken|template_invalid1|comma_misuse|exist_instead_of_exists|invalid_syntax|misplaced_parenthesis|multiple_errors|npe_on_parser|one-rule|package_garbage|errors_parser_multiple|query-without-name|duff/;

  test("a syntax error is found only in those that are broken on purpose", () => {
    const failing = (corpus ?? []).filter((each) => !broken.test(each.id) && !problemsOf(each).every(isByName));
    expect(failing.map(shown)).toEqual([]);
  });
});

function problemsOf({ kind, drl, id }: DrlCase): readonly Diagnostic[] {
  return (kind === "expr" ? parseDrlExpression(drl, id) : parseDrl(drl, id)).diagnostics;
}

function isByName({ code, summary }: Diagnostic): boolean {
  return code === "ACT-R030" && leftOut.test(summary);
}

function shown(each: DrlCase): string {
  const problems = problemsOf(each).map(({ span, summary }) => `${span.start.line}:${span.start.column} ${summary}`);
  return `${each.id} | ${problems.join(" | ")}`;
}
