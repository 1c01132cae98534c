import { readFileSync } from "node:fs";
import path from "node:path";
import { RuleEngine, runRuleTest, verdictNames } from "@acteon/rules";
import { expect, test } from "vitest";

import { parseRuleTests } from "../src/index.ts";
import { templateFunctions } from "../src/template.ts";
import { whenOperators } from "../src/when-operators.ts";
import { rulesOf } from "./problems.ts";

const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");
const [rules = "", tests = ""] = [...readme.matchAll(/```yaml\n([^`]*)```/g)].map(([, block]) => block);

test("the rule of the README loads, and its test passes", async () => {
  const engine = new RuleEngine();
  await engine.loadNative(rulesOf(rules));
  const parsed = parseRuleTests(tests, "README.md");
  expect(parsed.kind).toBe("parsed");
  for (const each of parsed.kind === "parsed" ? parsed.tests : []) {
    expect((await runRuleTest(engine.current(), each)).mismatches).toEqual([]);
  }
});

test("the README names every operator, verdict and function", () => {
  for (const name of [...whenOperators.keys(), ...verdictNames]) expect(readme).toContain(`\`${name}`);
  for (const name of templateFunctions.keys()) expect(readme).toContain(`\`${name}(`);
});
