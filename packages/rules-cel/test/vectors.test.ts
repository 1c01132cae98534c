import { readVectors } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { packagedVectors } from "./vectors.ts";
import type { CelCase } from "./vectors.ts";

describe.skipIf(readVectors("cel-conformance.json") === undefined)("the vectors beside the project", () => {
  test.each(["conformance", "parsing", "comprehension"] as const)("are the cases of the package: %s", async (part) => {
    const packaged = await packagedVectors(part);
    const beside = readVectors<CelCase>(`cel-${part}.json`) ?? [];
    // They were written as JSON, which has no -0.
    expect(JSON.parse(JSON.stringify(packaged.map(compared)))).toEqual(beside.map(compared));
  });
});

/** What the suites look at; whether a case needs messages only of those that are evaluated, which have a path. */
function compared(each: CelCase): CelCase {
  const { path, expr, container, bindings, value, evalError, typedResult, ast, error, proto = false } = each;
  const needsMessages = path !== "" && typedResult === undefined && proto;
  return { path, expr, container, bindings, value, evalError, typedResult, ast, error, proto: needsMessages };
}
