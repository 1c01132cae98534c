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

/** `REGO_FAILING=1` in the environment has the ids of the others printed. */
function printFailing(title: string, failing: readonly string[]): void {
  if (process.env["REGO_FAILING"] !== undefined) process.stdout.write(`${title}:\n${failing.join("\n")}\n`);
}

describe.skipIf(cases === undefined)("OPA's v1 compliance suite", () => {
  test("every module and every input is read without a finding", () => {
    const failing = texts.filter(({ id, text, read }) => {
      const findings = new Findings(id, text);
      return read(findings) === undefined || findings.sorted().length > 0;
    });
    printFailing(
      `unread, of ${texts.length}`,
      failing.map(({ id }) => id),
    );
    expect(texts.length).toBeGreaterThanOrEqual(1_604);
    expect(failing).toEqual([]);
  });

  test("what is printed of a tree is read as the same tree", () => {
    const failing = texts.filter(({ id, text, read }) => {
      const findings = new Findings(id, text);
      const tree = read(findings);
      const printed = tree === undefined ? "" : "kind" in tree ? printTerm(tree) : printModule(tree);
      const again = read(new Findings(id, printed));
      return JSON.stringify(withoutPlaces(again)) !== JSON.stringify(withoutPlaces(tree));
    });
    printFailing(
      `read differently, of ${texts.length}`,
      failing.map(({ id }) => id),
    );
    expect(failing).toEqual([]);
  });
});
