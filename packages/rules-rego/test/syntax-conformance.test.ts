import { isDeepStrictEqual } from "node:util";
import { Findings } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { parseModule, parseTerm } from "../src/syntax/parse-module.ts";
import { printModule, printTerm } from "./print-ast.ts";
import { cases } from "./vectors.ts";
import { withoutPlaces } from "./syntax-places.ts";

/** Of the modules and terms of OPA's v1 compliance suite: none of its cases wants an error of the parser. */
const texts = (cases ?? []).flatMap(({ id, modules = [], input_term }) => [
  ...modules.map((text) => ({ id, text, read: parseModule })),
  ...(input_term === undefined ? [] : [{ id, text: input_term, read: parseTerm }]),
]);

type Case = (typeof texts)[number];

/** Of the cases that do not hold the ids. `REGO_FAILING=1` in the environment has them printed, too. */
function failing(title: string, holds: (each: Case) => boolean): readonly string[] {
  const ids = texts.filter((each) => !holds(each)).map(({ id }) => id);
  if (process.env["REGO_FAILING"] !== undefined)
    process.stdout.write(`${title}, of ${texts.length}:\n${ids.join("\n")}\n`);
  return ids;
}

describe.skipIf(cases === undefined)("OPA's v1 compliance suite", () => {
  test("every module and every input is read without a finding", () => {
    expect(texts.length).toBeGreaterThanOrEqual(1_604);
    const unread = failing("unread", ({ id, text, read }) => {
      const findings = new Findings(id, text);
      return read(findings) !== undefined && findings.sorted().length === 0;
    });
    expect(unread).toEqual([]);
  });

  test("what is printed of a tree is read as the same tree", () => {
    const different = failing("read differently", ({ id, text, read }) => {
      const tree = read(new Findings(id, text));
      if (tree === undefined) return false;
      const again = read(new Findings(id, "kind" in tree ? printTerm(tree) : printModule(tree)));
      return isDeepStrictEqual(withoutPlaces(again), withoutPlaces(tree));
    });
    expect(different).toEqual([]);
  });
});
