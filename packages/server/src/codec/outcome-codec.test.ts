import type { ActionOutcome, JsonValue, OutcomeKind } from "@acteon/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcomeElementText, outcomeText, outcomeToWire } from "./outcome-codec.ts";

const response = { status: "success", body: { a: 1 }, headers: { "x-a": "b" } } as const;
const atMs = Date.UTC(2026, 2, 1, 9, 30);

/** A missing kind does not compile. */
const outcomes: { readonly [K in OutcomeKind]: readonly [Extract<ActionOutcome, { kind: K }>, JsonValue] } = {
  executed: [{ kind: "executed", response, durationMs: 3, attempts: 2 }, { Executed: response }],
  deduplicated: [{ kind: "deduplicated", key: "k", originalAtMs: atMs, expiresAtMs: undefined }, "Deduplicated"],
  suppressed: [{ kind: "suppressed", rule: "quiet", reason: "because" }, { Suppressed: { rule: "quiet" } }],
  rerouted: [
    { kind: "rerouted", from: "a", to: "b", response, durationMs: 3, attempts: 1 },
    { Rerouted: { original_provider: "a", new_provider: "b", response } },
  ],
  throttled: [
    { kind: "throttled", rule: "slow", retryAfterMs: 61_250 },
    { Throttled: { retry_after: { secs: 61, nanos: 250_000_000 } } },
  ],
  failed: [
    { kind: "failed", error: { code: "TIMEOUT", message: "no answer", retryable: true }, attempts: 4 },
    { Failed: { code: "TIMEOUT", message: "no answer", retryable: true, attempts: 4 } },
  ],
  dryRun: [
    { kind: "dryRun", verdict: "suppress", rule: "quiet", provider: "p" },
    { DryRun: { verdict: "suppress", matched_rule: "quiet", would_be_provider: "p" } },
  ],
  grouped: [
    { kind: "grouped", groupId: "g", groupSize: 3, notifyAtMs: atMs },
    { Grouped: { group_id: "g", group_size: 3, notify_at: "2026-03-01T09:30:00.000Z" } },
  ],
  stateChanged: [
    { kind: "stateChanged", fingerprint: "f", previousState: "a", newState: "b", notify: false },
    { StateChanged: { fingerprint: "f", previous_state: "a", new_state: "b", notify: false } },
  ],
  pendingApproval: [
    {
      kind: "pendingApproval",
      approvalId: "i",
      expiresAtMs: atMs,
      approveUrl: "u",
      rejectUrl: "v",
      notificationSent: true,
    },
    {
      PendingApproval: {
        approval_id: "i",
        expires_at: "2026-03-01T09:30:00.000Z",
        approve_url: "u",
        reject_url: "v",
        notification_sent: true,
      },
    },
  ],
  chainStarted: [
    { kind: "chainStarted", chainId: "i", chainName: "n", totalSteps: 3, firstStep: "s" },
    { ChainStarted: { chain_id: "i", chain_name: "n", total_steps: 3, first_step: "s" } },
  ],
  scheduled: [
    { kind: "scheduled", actionId: "i", scheduledForMs: atMs },
    { Scheduled: { action_id: "i", scheduled_for: "2026-03-01T09:30:00.000Z" } },
  ],
  quotaExceeded: [
    { kind: "quotaExceeded", tenant: "t", limit: 10, used: 11, overageBehavior: "block" },
    { QuotaExceeded: { tenant: "t", limit: 10, used: 11, overage_behavior: "block" } },
  ],
  silenced: [
    { kind: "silenced", silenceId: "i", rule: undefined },
    { Silenced: { silence_id: "i", matched_rule: null } },
  ],
  muted: [
    { kind: "muted", interval: "nights", reason: "mute_time_interval", rule: "r" },
    { Muted: { interval: "nights", reason: "mute_time_interval", matched_rule: "r" } },
  ],
  circuitOpen: [
    { kind: "circuitOpen", provider: "p", fallbackChain: ["q"] },
    { CircuitOpen: { provider: "p", fallback_chain: ["q"] } },
  ],
};

describe("an outcome on the wire", () => {
  test.each(Object.values(outcomes))("%j", (outcome, wire) => {
    expect(outcomeToWire(outcome)).toEqual(wire);
    expect(JSON.parse(outcomeText(outcome))).toEqual(wire);
  });

  test("in a batch Deduplicated is an object, and nothing else differs", () => {
    for (const [outcome, wire] of Object.values(outcomes)) {
      expect(JSON.parse(outcomeElementText(outcome))).toEqual(wire === "Deduplicated" ? { Deduplicated: null } : wire);
    }
  });

  test.each(["allow", "deduplicate"])("a dry run names no rule where the verdict is %s", (verdict) => {
    expect(outcomeToWire({ kind: "dryRun", verdict, rule: "r", provider: "p" })).toMatchObject({
      DryRun: { matched_rule: null },
    });
  });

  test("the text that is put together by hand is that of JSON.stringify, whatever a provider answers", () => {
    const executed = fc.record({
      kind: fc.constant("executed" as const),
      response: fc.record({
        status: fc.constantFrom("success" as const, "failure" as const, "partial" as const),
        body: fc.jsonValue() as fc.Arbitrary<JsonValue>,
        headers: fc.dictionary(fc.string(), fc.string()),
      }),
      durationMs: fc.nat(),
      attempts: fc.nat(),
    });
    fc.assert(
      fc.property(executed, (outcome) => {
        expect(outcomeText(outcome)).toBe(JSON.stringify(outcomeToWire(outcome)));
      }),
    );
  });
});
