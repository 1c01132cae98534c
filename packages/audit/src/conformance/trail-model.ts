import { outcomeCategory } from "@acteon/core";
import type { AuditRecord } from "../audit-record.ts";
import type { AuditFilter, AuditScopeFilter } from "../audit-store.ts";

/** A trail as plain as can be: what a store must answer. */
export class TrailModel {
  readonly #records = new Map<string, AuditRecord>();

  append(records: readonly AuditRecord[]): void {
    for (const record of records) if (!this.#records.has(record.id)) this.#records.set(record.id, record);
  }

  /** All that match, newest first. */
  query(filter: AuditFilter): AuditRecord[] {
    return [...this.#records.values()]
      .filter((record) => asks.every((ask) => ask(record, filter)))
      .sort((a, b) => b.dispatchedAtMs - a.dispatchedAtMs || (a.id < b.id ? 1 : -1));
  }
}

type Ask = (record: AuditRecord, filter: AuditFilter) => boolean;

const asks: readonly Ask[] = [
  same(
    (filter) => filter.namespace,
    ({ action }) => action.namespace,
  ),
  same(
    (filter) => filter.tenant,
    ({ action }) => action.tenant,
  ),
  same(
    (filter) => filter.provider,
    ({ action }) => action.provider,
  ),
  same(
    (filter) => filter.actionType,
    ({ action }) => action.actionType,
  ),
  same(
    (filter) => filter.actionId,
    ({ action }) => action.id,
  ),
  same(
    (filter) => filter.outcome,
    ({ outcome }) => outcomeCategory(outcome),
  ),
  same(
    (filter) => filter.verdict,
    ({ verdict }) => verdict,
  ),
  same(
    (filter) => filter.matchedRule,
    ({ verdict, rule }) => (/^(allow|deduplicate)$/.test(verdict) ? undefined : rule?.name),
  ),
  same(
    (filter) => filter.callerId,
    ({ callerId }) => callerId,
  ),
  same(
    (filter) => filter.chainId,
    ({ outcome }) => (outcome.kind === "chainStarted" ? outcome.chainId : undefined),
  ),
  same(
    (filter) => filter.signerId,
    ({ action }) => action.signerId,
  ),
  same(
    (filter) => filter.kid,
    ({ action }) => action.kid,
  ),
  ({ dispatchedAtMs }, { fromMs = -Infinity }) => dispatchedAtMs >= fromMs,
  ({ dispatchedAtMs }, { toMs = Infinity }) => dispatchedAtMs <= toMs,
  ({ action }, { scope }) => scope === undefined || isCovered(action, scope),
];

function same(
  wanted: (filter: AuditFilter) => string | undefined,
  found: (record: AuditRecord) => string | undefined,
): Ask {
  return (record, filter) => wanted(filter) === undefined || wanted(filter) === found(record);
}

function isCovered({ namespace, tenant }: AuditRecord["action"], scope: AuditScopeFilter): boolean {
  const levels = tenant?.split(".") ?? [];
  const coveringTenants = ["*", ...levels.map((_, i) => levels.slice(0, i + 1).join("."))];
  return scope.some(
    ({ tenants, namespaces }) =>
      tenants.some((granted) => coveringTenants.includes(granted)) &&
      namespaces.some((granted) => ["*", namespace].includes(granted)),
  );
}
