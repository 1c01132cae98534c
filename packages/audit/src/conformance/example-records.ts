import { createAction } from "@acteon/core";
import type { ActionInput, ActionOutcome, JsonValue } from "@acteon/core";
import fc from "fast-check";
import type { AuditRecord } from "../audit-record.ts";

export const firstAtMs = Date.UTC(2026, 0, 1);

export interface RecordShape extends Partial<Omit<AuditRecord, "action" | "id">> {
  readonly id?: string;
  readonly action?: Partial<ActionInput>;
}

/** The `n`th of a row of records, dispatched `n` ms after the first, with what `shape` says about it. */
export function exampleRecord(n: number, { action = {}, ...shape }: RecordShape = {}): AuditRecord {
  const dispatchedAtMs = shape.dispatchedAtMs ?? firstAtMs + n;
  return {
    id: exampleId(n, dispatchedAtMs),
    action: createAction(
      {
        id: `action-${n}`,
        namespace: "notifications",
        tenant: "acme",
        provider: "email",
        actionType: "send",
        payload: { to: "ada@example.com", n },
        ...action,
      },
      { clock: { nowMs: () => dispatchedAtMs }, random: { uuid: () => `action-${n}` } },
    ),
    verdict: "allow",
    rule: undefined,
    ruleSetHash: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    facts: [],
    outcome: outcomes.executed,
    attempts: [{ number: 1, provider: "email", startedAtMs: dispatchedAtMs, durationMs: 12.25, result: "answered" }],
    dispatchedAtMs,
    completedAtMs: dispatchedAtMs + 13,
    callerId: "",
    authMethod: "anonymous",
    lateAnswer: false,
    ...shape,
  };
}

/** As `Random.uuid` makes them: of version 7, so that they sort by time. */
function exampleId(n: number, atMs: number): string {
  const time = atMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** `count` records, numbered from `from`. */
export function exampleRecords(
  count: number,
  shapeOf: (n: number) => RecordShape = () => ({}),
  from = 0,
): AuditRecord[] {
  return Array.from({ length: count }, (_, i) => exampleRecord(from + i, shapeOf(from + i)));
}

const response = { status: "success", body: { ok: true }, headers: { "x-id": "1" } } as const;

/** One outcome of each kind. */
export const outcomes = {
  executed: { kind: "executed", response, durationMs: 12.5, attempts: 1 },
  deduplicated: { kind: "deduplicated", key: "k", originalAtMs: firstAtMs, expiresAtMs: firstAtMs + 1 },
  suppressed: { kind: "suppressed", rule: "quiet", reason: "maintenance" },
  rerouted: { kind: "rerouted", from: "email", to: "sms", response, durationMs: 3, attempts: 2 },
  throttled: { kind: "throttled", rule: "limit", retryAfterMs: 1_500 },
  failed: { kind: "failed", error: { code: "TIMEOUT", message: "no answer", retryable: true }, attempts: 4 },
  dryRun: { kind: "dryRun", verdict: "allow", rule: "r", provider: "email" },
  grouped: { kind: "grouped", groupId: "g", groupSize: 2, notifyAtMs: firstAtMs },
  stateChanged: { kind: "stateChanged", fingerprint: "f", previousState: "a", newState: "b", notify: true },
  pendingApproval: {
    kind: "pendingApproval",
    approvalId: "a",
    expiresAtMs: firstAtMs,
    approveUrl: "https://a",
    rejectUrl: "https://r",
    notificationSent: true,
  },
  chainStarted: { kind: "chainStarted", chainId: "chain-1", chainName: "c", totalSteps: 2, firstStep: "s" },
  scheduled: { kind: "scheduled", actionId: "x", scheduledForMs: firstAtMs },
  quotaExceeded: { kind: "quotaExceeded", tenant: "acme", limit: 1, used: 2, overageBehavior: "block" },
  silenced: { kind: "silenced", silenceId: "s", rule: "r" },
  muted: { kind: "muted", interval: "night", reason: "mute_time_interval", rule: "r" },
  circuitOpen: { kind: "circuitOpen", provider: "email", fallbackChain: ["sms"] },
} as const satisfies { readonly [Kind in ActionOutcome["kind"]]: Extract<ActionOutcome, { kind: Kind }> };

/** Texts that mean something to one database, shell or terminal or another (guarantees §8 row 76), and to JSON. */
export const troublesomeTexts = [
  "it's",
  'say "hi"',
  "100%",
  "_",
  "a*b?[c]",
  "x],",
  '],"',
  "back\\slash",
  "'; DROP TABLE segment; --",
  "{$where: 1}",
  "ünïcödé 🚀 \u2028",
  "null",
  "",
];

const text = fc.oneof(fc.constantFrom("a", "b", ...troublesomeTexts), fc.string({ unit: "grapheme", maxLength: 8 }));
const name = text.filter((value) => !/\p{Cc}/u.test(value));

/** Shapes whose fields take few values each, so that any filter finds some records and not all. */
export const recordShape: fc.Arbitrary<RecordShape> = fc.record({
  action: fc.record({
    id: fc.constantFrom("order-1", "order-2", "it's 100%", '"'),
    namespace: fc.constantFrom("notifications", "alerts"),
    tenant: fc.constantFrom("acme", "acme.eu", "acme.eu.berlin", "acmecorp", undefined),
    provider: name,
    actionType: fc.constantFrom("send", "page"),
    signerId: fc.option(name, { nil: undefined }),
    kid: fc.constantFrom("k1", undefined),
    payload: fc.constant({ x: 1 }) satisfies fc.Arbitrary<JsonValue>,
  }),
  verdict: fc.constantFrom("allow", "suppress", "deduplicate", "throttle"),
  rule: fc.option(fc.record({ name: text, file: fc.constant("rules/a.yaml"), line: fc.nat(3) }), { nil: undefined }),
  outcome: fc.constantFrom(...Object.values(outcomes)),
  callerId: fc.constantFrom("", "ada", "it's"),
  lateAnswer: fc.boolean(),
  dispatchedAtMs: fc.integer({ min: firstAtMs, max: firstAtMs + 20 }),
});
