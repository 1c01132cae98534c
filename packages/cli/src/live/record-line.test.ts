import type { AuditRecord } from "@acteon/audit";
import type { ActionOutcome } from "@acteon/core";
import { createAction } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { plain } from "../paint.ts";
import { moreLine } from "./record-lines.ts";
import { recordLine } from "./record-line.ts";

const rule = { name: "once", file: "rules/main.yaml", line: 7 };
const response = { status: "success", body: null, headers: {} } as const;

function recordOf(outcome: ActionOutcome, over: Partial<AuditRecord> = {}): AuditRecord {
  const action = createAction(
    { id: "a-1", namespace: "ops", tenant: "acme", provider: "pager", actionType: "page", payload: {} },
    { clock: createFakeClock(), random: createSeededRandom(1) },
  );
  return {
    id: "r-1",
    action,
    verdict: "allow",
    rule: undefined,
    ruleSetHash: "",
    facts: [],
    outcome,
    attempts: [],
    dispatchedAtMs: 1_000,
    completedAtMs: 1_002,
    callerId: "",
    authMethod: "",
    lateAnswer: false,
    ...over,
  };
}

test.each<readonly [line: string, record: AuditRecord]>([
  ["executed      pager  1.4 ms  page  a-1", recordOf({ kind: "executed", response, durationMs: 1.38, attempts: 1 })],
  [
    "executed      pager  1.0 ms  page  a-1  failure  2 attempts",
    recordOf({ kind: "executed", response: { ...response, status: "failure" }, durationMs: 1, attempts: 2 }),
  ],
  [
    "rerouted      mail  1.0 ms  page  a-1  once  rules/main.yaml:7",
    recordOf({ kind: "rerouted", from: "pager", to: "mail", response, durationMs: 1, attempts: 1 }, { rule }),
  ],
  [
    "deduplicated  pager  2.0 ms  page  a-1  key disk-full  4m58s left  once  rules/main.yaml:7",
    recordOf({ kind: "deduplicated", key: "disk-full", originalAtMs: 0, expiresAtMs: 298_500 }, { rule }),
  ],
  [
    "deduplicated  pager  2.0 ms  page  a-1  key disk-full  while it is held",
    recordOf({ kind: "deduplicated", key: "disk-full", originalAtMs: 0, expiresAtMs: undefined }),
  ],
  [
    "suppressed    pager  2.0 ms  page  a-1  too␊loud  once  rules/main.yaml:7",
    recordOf({ kind: "suppressed", rule: "once", reason: "too\nloud" }, { rule }),
  ],
  [
    "throttled     pager  2.0 ms  page  a-1  again in 1m",
    recordOf({ kind: "throttled", rule: "once", retryAfterMs: 59_100 }),
  ],
  [
    "failed        pager  2.0 ms  page  a-1  TIMEOUT  no answer  4 attempts",
    recordOf({ kind: "failed", error: { code: "TIMEOUT", message: "no answer", retryable: true }, attempts: 4 }),
  ],
])("%s", (line, record) => {
  expect(recordLine(record, 1_000, plain)).toBe(line);
});

test("what was not shown is told by outcome", () => {
  expect(
    moreLine(
      new Map([
        ["executed", 1_200],
        ["deduplicated", 34],
      ]),
    ),
  ).toBe("… and 1,234 more: 1,200 executed, 34 deduplicated");
});
