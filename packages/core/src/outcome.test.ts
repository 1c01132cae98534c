import { expect, test } from "vitest";
import { outcomeCategory, unreachable } from "./outcome.ts";

test.each([
  [{ kind: "suppressed", rule: "quiet", reason: undefined }, "suppressed"],
  [{ kind: "stateChanged", fingerprint: "f", previousState: "a", newState: "b", notify: false }, "state_changed"],
  [{ kind: "dryRun", verdict: "allow", rule: undefined, provider: "email" }, "dry_run"],
  [{ kind: "circuitOpen", provider: "email", fallbackChain: [] }, "circuit_open"],
  [{ kind: "quotaExceeded", tenant: "t", limit: 1, used: 2, overageBehavior: "block" }, "quota_exceeded"],
] as const)("the category of %j is %s (wire-api §4)", (outcome, category) => {
  expect(outcomeCategory(outcome)).toBe(category);
});

test("what cannot be says so", () => {
  expect(() => unreachable("new" as never)).toThrow('unreachable: "new"');
});
