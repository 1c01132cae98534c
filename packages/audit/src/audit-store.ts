import type { AuditRecord } from "./audit-record.ts";

/** Where records are kept and found again. Appending the same id twice leaves one record. */
export interface AuditStore extends AsyncDisposable {
  /** Resolves when the records are durable. @throws {AuditUnavailableError} None, some or all of them may be there; append again. */
  append(records: readonly AuditRecord[]): Promise<void>;
  /** Newest first: `dispatchedAtMs`, then id. */
  query(filter: AuditFilter, page: AuditPage): Promise<AuditResult>;
  /** The latest record of that action id, if `covers` lets it be seen. */
  get(actionId: string, scope: AuditScopeFilter | undefined): Promise<AuditRecord | undefined>;
  /** Removes what was dispatched before; returns how many records went. */
  removeBefore(dispatchedAtMs: number): Promise<number>;
}

/** All exact; an absent one does not filter. */
export interface AuditFilter {
  readonly namespace?: string;
  readonly tenant?: string;
  readonly provider?: string;
  readonly actionType?: string;
  readonly actionId?: string;
  readonly outcome?: string;
  readonly verdict?: string;
  readonly matchedRule?: string;
  readonly callerId?: string;
  readonly chainId?: string;
  readonly signerId?: string;
  readonly kid?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** What the caller may see: the union of its grants. */
  readonly scope?: AuditScopeFilter;
}

/** Tenants and namespaces of one caller's grants (`wire-api.md` §24.4): a record must be covered by one. */
export type AuditScopeFilter = readonly {
  readonly tenants: readonly string[];
  readonly namespaces: readonly string[];
}[];

export interface AuditPage {
  /** 1 … 1000. */
  readonly limit: number;
  readonly offset?: number;
  /** From the result before; overrides `offset`. */
  readonly cursor?: string;
  readonly ascending?: boolean;
}

export interface AuditResult {
  readonly records: readonly AuditRecord[];
  /** Absent with a cursor. */
  readonly total: number | undefined;
  /** Absent on the last page. */
  readonly nextCursor: string | undefined;
}
