import type { AuditBatch } from "./audit-batch.ts";
import type { AuditRecord } from "./audit-record.ts";

/** Where records are kept and found again. Appending the same record id twice leaves one record: the first. */
export interface AuditStore extends AsyncDisposable {
  /**
   * Resolves when the records are durable. The batch's bytes are left alone until then; the caller reuses them after.
   * @throws {AuditUnavailableError} None, some or all of them may be there; append again.
   */
  append(batch: AuditBatch): Promise<void>;
  /**
   * Newest first: `dispatchedAtMs`, then id.
   * @throws {InvalidCursorError} The cursor is none that a result of this direction carried (guarantees §8 row 73).
   */
  query(filter: AuditFilter, page: AuditPage): Promise<AuditResult>;
  /** The latest record of that action id among those that `scope` lets be seen. */
  get(actionId: string, scope: AuditScopeFilter | undefined): Promise<AuditRecord | undefined>;
  /** Removes what was dispatched before; returns how many records went. */
  removeBefore(dispatchedAtMs: number): Promise<number>;
}

/** All exact; an absent one does not filter. */
export interface AuditFilter {
  readonly namespace?: string | undefined;
  readonly tenant?: string | undefined;
  readonly provider?: string | undefined;
  readonly actionType?: string | undefined;
  readonly actionId?: string | undefined;
  /** The category (`wire-api.md` §4): `state_changed`. */
  readonly outcome?: string | undefined;
  readonly verdict?: string | undefined;
  /** As the wire shows it: no record of verdict `allow` or `deduplicate` has one (`wire-api.md` §4, “matched_rule rule”). */
  readonly matchedRule?: string | undefined;
  readonly callerId?: string | undefined;
  readonly chainId?: string | undefined;
  readonly signerId?: string | undefined;
  readonly kid?: string | undefined;
  /** Of `dispatchedAtMs`, inclusive. */
  readonly fromMs?: number | undefined;
  /** Of `dispatchedAtMs`, inclusive. */
  readonly toMs?: number | undefined;
  /** What the caller may see: the union of its grants. */
  readonly scope?: AuditScopeFilter | undefined;
}

/**
 * Tenants and namespaces of one caller's grants (`wire-api.md` §24.4): a record must be covered by one. `*` covers all,
 * a tenant itself and its levels below (`acme` covers `acme.eu`), a namespace itself.
 */
export type AuditScopeFilter = readonly {
  readonly tenants: readonly string[];
  readonly namespaces: readonly string[];
}[];

export interface AuditPage {
  /** Held to 1 … 1000 (guarantees §8 row 73). */
  readonly limit: number;
  readonly offset?: number | undefined;
  /** From the result before; overrides `offset`. */
  readonly cursor?: string | undefined;
  /** Oldest first. */
  readonly ascending?: boolean | undefined;
}

export interface AuditResult {
  readonly records: readonly AuditRecord[];
  /** How many match in all; absent with a cursor. */
  readonly total: number | undefined;
  /** Absent on the last page. */
  readonly nextCursor: string | undefined;
}
