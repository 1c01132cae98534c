import { actionOf } from "@acteon/rules/conformance";
import { expect, test } from "vitest";
import { yamlFrontEnd } from "../src/index.ts";
import { decide, ruleSetOf } from "./decide.ts";

function ruleWith(expr: string): string {
  return `rules:\n  - name: r\n    when:\n      all:\n        - { field: action.provider, equals: slack }\n        - expr: ${expr}\n    then: deny\n`;
}

test("a condition in CEL stands beside those of YAML", async () => {
  const rules = await ruleSetOf(ruleWith('action.payload.tags.exists(t, t.startsWith("db"))'));
  expect(await decide(rules, actionOf({ payload: { tags: ["web", "db-1"] } }))).toMatchObject({ verdict: "deny" });
  expect(await decide(rules, actionOf({ payload: { tags: [] } }))).toMatchObject({ verdict: "allow" });
});

test.each([
  ["action.payload.n > ", 6, "expected an expression, found the end of the file"],
  ['"action.payload.n > 1 && wat"', 6, "`wat` is bound by nothing here"],
  [
    "|\n            action.payload.n > 1\n            && sizze(action.payload.tags) > 1",
    8,
    "there is no function `sizze`",
  ],
])("what is wrong in it is told where it stands: %s", (expr, line, summary) => {
  const parsed = yamlFrontEnd.parse(ruleWith(expr), "rules/a.yaml");
  expect(parsed.kind).toBe("rejected");
  expect(parsed.diagnostics.map((each) => [each.span.start.line, each.summary])).toEqual([[line, summary]]);
});
