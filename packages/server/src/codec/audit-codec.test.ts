import type { AuditRecord } from "@acteon/audit";
import type { Action, ActionOutcome } from "@acteon/core";
import { parseAction } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { auditRecordToWire } from "./audit-codec.ts";

function action(changes: object = {}): Action {
  const wire = {
    id: "a-1",
    namespace: "alerts",
    tenant: "acme",
    provider: "console",
    action_type: "page",
    payload: { a: 1 },
  };
  const parsed = parseAction({ ...wire, created_at: "2026-03-01T09:30:00Z", ...changes }, { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error("a bad action");
  return parsed.action;
}

function record(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: "r-1",
    action: action(),
    verdict: "suppress",
    rule: { name: "quiet", file: "rules/a.yaml", line: 3 },
    ruleSetHash: "h",
    facts: [["count", "k", 2]],
    outcome: { kind: "suppressed", rule: "quiet", reason: undefined },
    attempts: [],
    dispatchedAtMs: Date.UTC(2026, 2, 1),
    completedAtMs: Date.UTC(2026, 2, 1) + 12.4,
    callerId: "ci",
    authMethod: "api_key",
    lateAnswer: false,
    ...changes,
  };
}

describe("a record of the trail on the wire", () => {
  test("has every field of the contract, and ours", () => {
    expect(auditRecordToWire(record(), 60_000)).toEqual({
      id: "r-1",
      action_id: "a-1",
      chain_id: null,
      namespace: "alerts",
      tenant: "acme",
      provider: "console",
      action_type: "page",
      verdict: "suppress",
      matched_rule: "quiet",
      outcome: "suppressed",
      action_payload: { a: 1 },
      verdict_details: { verdict: "suppress" },
      outcome_details: { rule: "quiet" },
      metadata: {},
      dispatched_at: "2026-03-01T00:00:00.000Z",
      completed_at: "2026-03-01T00:00:00.012Z",
      duration_ms: 12,
      expires_at: "2026-03-01T00:01:00.000Z",
      caller_id: "ci",
      auth_method: "api_key",
      record_hash: null,
      previous_hash: null,
      sequence_number: null,
      attachment_metadata: [],
      signature: null,
      signer_id: null,
      kid: null,
      canonical_hash: null,
      rule: { name: "quiet", file: "rules/a.yaml", line: 3 },
      rule_set_hash: "h",
      facts: [{ kind: "count", key: "k", answer: 2 }],
      attempts: [],
      late_answer: false,
    });
  });

  test.each(["allow", "deduplicate"])("matched_rule is null for %s, and rule still names it", (verdict) => {
    expect(auditRecordToWire(record({ verdict }), undefined)).toMatchObject({
      matched_rule: null,
      rule: { name: "quiet" },
      expires_at: null,
    });
  });

  test("metadata carries the marks of the action's own fields", () => {
    const marked = action({
      metadata: { team: "a" },
      dedup_key: "d",
      status: "firing",
      starts_at: "2026-03-01T09:30:00Z",
    });
    expect(auditRecordToWire(record({ action: marked }), undefined)).toMatchObject({
      metadata: { team: "a", __dedup_key: "d", __status: "firing", __starts_at: "2026-03-01T09:30:00Z" },
    });
  });

  test("attachments are told without their content", () => {
    const attached = action({
      attachments: [{ id: "1", name: "n", filename: "f.txt", content_type: "text/plain", data_base64: "aGVsbG8=" }],
    });
    expect(auditRecordToWire(record({ action: attached }), undefined)).toMatchObject({
      attachment_metadata: [{ id: "1", name: "n", filename: "f.txt", content_type: "text/plain", size_bytes: 5 }],
    });
  });

  const response = { status: "failure", body: null, headers: {} } as const;
  const details: readonly (readonly [ActionOutcome, object])[] = [
    [{ kind: "executed", response, durationMs: 1, attempts: 1 }, { status: "Failure" }],
    [
      { kind: "failed", error: { code: "TIMEOUT", message: "m", retryable: true }, attempts: 4 },
      { code: "TIMEOUT", message: "m", retryable: true, attempts: 4 },
    ],
    [
      { kind: "rerouted", from: "a", to: "b", response, durationMs: 1, attempts: 1 },
      { original_provider: "a", new_provider: "b" },
    ],
    [{ kind: "throttled", rule: "r", retryAfterMs: 1_500 }, { retry_after_secs: 2 }],
    [{ kind: "deduplicated", key: "k", originalAtMs: 0, expiresAtMs: undefined }, {}],
    [
      {
        kind: "pendingApproval",
        approvalId: "i",
        expiresAtMs: 0,
        approveUrl: "u",
        rejectUrl: "v",
        notificationSent: true,
      },
      { approval_id: "i", expires_at: "1970-01-01T00:00:00.000+00:00", notification_sent: true },
    ],
  ];

  test.each(details)("§7.2: %j", (outcome, expected) => {
    expect(auditRecordToWire(record({ outcome }), undefined)).toMatchObject({ outcome_details: expected });
    const { outcome_details: wire } = auditRecordToWire(record({ outcome }), undefined) as {
      readonly outcome_details: object;
    };
    expect(wire).toEqual(expected);
  });
});
