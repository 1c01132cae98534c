import type { AuditRecord } from "@acteon/audit";
import type { StateFact } from "@acteon/rules";
import type { Dispatch } from "./dispatch.ts";
import type { Ports } from "./ports.ts";

const none: AuditRecord["facts"] = [];

/** What the trail keeps of this dispatch (guarantees G9): the execution's id makes a row written twice one row. */
export function auditRecordOf(dispatch: Dispatch, ports: Ports): AuditRecord {
  const { slice, work, outcome } = dispatch;
  if (outcome === undefined) throw new TypeError("only a dispatch with an outcome is recorded");
  const facts = work?.facts ?? dispatch.decision?.facts;
  return {
    id: dispatch.auditId,
    action: dispatch.action,
    verdict: dispatch.verdict,
    rule: dispatch.rule,
    ruleSetHash: work?.ruleSetHash ?? slice.rules.hash,
    facts: facts === undefined || facts.length === 0 ? none : facts.map(factText),
    outcome,
    attempts: dispatch.attempts,
    dispatchedAtMs: slice.arrivedAtMs,
    completedAtMs: ports.clock.nowMs(),
    callerId: work?.callerId ?? slice.options.caller?.id ?? "",
    authMethod: work?.authMethod ?? slice.options.caller?.method ?? "",
    lateAnswer: false,
  };
}

function factText({ read, answer }: StateFact): AuditRecord["facts"][number] {
  const key =
    read.kind === "suppression" || read.kind === "native"
      ? read.rule
      : read.kind === "count"
        ? `${read.key}/${read.windowMs}`
        : read.key;
  return [read.kind, key, answer ?? null];
}
