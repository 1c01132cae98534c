import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject } from "@acteon/core";
import { RuleEngine, runRuleTest } from "@acteon/rules";
import type { RuleTest } from "@acteon/rules";
import { describe, expect, test } from "vitest";

import { parseRuleTests, yamlFrontEnd } from "../src/index.ts";
import { decide } from "./decide.ts";
import { designDocumentExample } from "./design-document-example.ts";

const rules = path.join(import.meta.dirname, "../../../rules");
// The providers that `npm start` has: a reroute to another one would be a warning.
const starter = new RuleEngine({ frontEnds: [yamlFrontEnd], providers: new Set(["console", "webhook"]) });
const loaded = await starter.loadDirectory(path.join(rules, "starter"));

function testsOf(file: string): readonly RuleTest[] {
  const parsed = parseRuleTests(readFileSync(file, "utf8"), file);
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.diagnostics, undefined, 1));
  return parsed.tests;
}

describe("rules/starter", () => {
  test("loads without a finding", () => {
    expect(loaded).toMatchObject({ kind: "loaded", diagnostics: [] });
  });

  test.each(testsOf(path.join(rules, "starter/alerts.test.yaml")).map((each) => [each.name, each] as const))(
    "%s",
    async (_, ruleTest) => {
      expect((await runRuleTest(starter.current(), ruleTest)).mismatches).toEqual([]);
    },
  );

  test("every rule has a test that names it", () => {
    const named = testsOf(path.join(rules, "starter/alerts.test.yaml")).map(({ expect }) => expect.matchedRule);
    for (const { name } of starter.listRules()) expect(named).toContain(name);
  });

  test.each<JsonObject>([{}, { dedup_key: "k" }, { action_type: "greeting", payload: "hello" }])(
    "the first action that a newcomer sends is executed, and the same again is deduplicated: %j",
    async (fields) => {
      const action = actionOf({ provider: "console", ...fields });
      const store = new TinyStore();
      expect(await decide(starter.current(), action, store)).toMatchObject({ verdict: "allow", rule: undefined });
      expect(await decide(starter.current(), action, store)).toMatchObject({
        verdict: "deduplicate",
        rule: { name: "deduplicate-alerts", file: expect.stringContaining("alerts.yaml") },
      });
    },
  );
});

test("rules/yaml loads without a finding", async () => {
  const engine = new RuleEngine({ frontEnds: [yamlFrontEnd] });
  expect(await engine.loadDirectory(path.join(rules, "yaml"))).toMatchObject({ kind: "loaded", diagnostics: [] });
  expect(engine.listRules()).toHaveLength(8);
});

test("rules/yaml/simple.yaml is the example of the design document", () => {
  expect(readFileSync(path.join(rules, "yaml/simple.yaml"), "utf8")).toBe(designDocumentExample);
});
