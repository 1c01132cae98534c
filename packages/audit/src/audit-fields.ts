import { outcomeCategory } from "@acteon/core";
import type { ActionOutcome } from "@acteon/core";
import type { AuditRecord } from "./audit-record.ts";
import type { AuditFilter, AuditScopeFilter } from "./audit-store.ts";

/** What a record can be found by, besides its times and ids. Few records of a trail differ in all of it. */
export interface AuditFields {
  readonly namespace: string;
  readonly tenant: string | undefined;
  readonly provider: string;
  readonly actionType: string;
  readonly outcome: string;
  readonly verdict: string;
  readonly matchedRule: string | undefined;
  readonly callerId: string;
  readonly chainId: string | undefined;
  readonly signerId: string | undefined;
  readonly kid: string | undefined;
}

export function auditFields(record: AuditRecord): AuditFields {
  const { action, outcome } = record;
  return {
    namespace: action.namespace,
    tenant: action.tenant,
    provider: action.provider,
    actionType: action.actionType,
    outcome: outcomeCategory(outcome),
    verdict: record.verdict,
    matchedRule: matchedRule(record.verdict, record.rule?.name),
    callerId: record.callerId,
    chainId: chainIdOf(outcome),
    signerId: action.signerId,
    kid: action.kid,
  };
}

/** The rule that the wire shows for a record: none where the rule allowed or deduplicated (`wire-api.md` §4). */
export function matchedRule(verdict: string, rule: string | undefined): string | undefined {
  return verdict === "allow" || verdict === "deduplicate" ? undefined : rule;
}

/** The chain that the record belongs to. */
export function chainIdOf(outcome: ActionOutcome): string | undefined {
  return outcome.kind === "chainStarted" ? outcome.chainId : undefined;
}

/** Does the filter let this record through? */
export function matchesRecord(record: AuditRecord, filter: AuditFilter): boolean {
  return (
    (filter.actionId === undefined || record.action.id === filter.actionId) &&
    (filter.fromMs === undefined || record.dispatchedAtMs >= filter.fromMs) &&
    (filter.toMs === undefined || record.dispatchedAtMs <= filter.toMs) &&
    matchesFields(auditFields(record), filter)
  );
}

/** Does the filter let these fields through? Its times and its action id are not looked at. */
export function matchesFields(fields: AuditFields, filter: AuditFilter): boolean {
  for (const name of auditFieldNames) {
    const wanted = filter[name];
    if (wanted !== undefined && fields[name] !== wanted) return false;
  }
  return filter.scope === undefined || covers(filter.scope, fields);
}

/** The fields in the order in which stores number them. */
export const auditFieldNames = [
  "namespace",
  "tenant",
  "provider",
  "actionType",
  "outcome",
  "verdict",
  "matchedRule",
  "callerId",
  "chainId",
  "signerId",
  "kid",
] as const satisfies readonly (keyof AuditFields)[];

/** Is the tenant and the namespace covered by one grant (`wire-api.md` §24.4)? No tenant is covered by `*` alone. */
export function covers(
  scope: AuditScopeFilter,
  { namespace, tenant }: Pick<AuditFields, "namespace" | "tenant">,
): boolean {
  return scope.some(
    ({ tenants, namespaces }) =>
      namespaces.some((granted) => granted === "*" || granted === namespace) &&
      tenants.some(
        (granted) =>
          granted === "*" || (tenant !== undefined && (tenant === granted || tenant.startsWith(`${granted}.`))),
      ),
  );
}
