import type { AuditFilter } from "@acteon/audit";
import { NotFoundError, parseInstant } from "@acteon/core";
import { auditScope, coversTenantSomewhere } from "../auth/principal.ts";
import { auditRecordToWire } from "../codec/audit-codec.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Query } from "../http/query.ts";
import { RequestError } from "../http/request-error.ts";
import type { Services } from "./services.ts";

/** `GET /v1/audit` (`wire-api.md` §7.3). */
export async function queryAudit(exchange: Exchange, services: Services): Promise<void> {
  const { store, ttlMs } = trailOf(services);
  const { query, principal } = exchange;
  const tenant = query.text("tenant");
  if (tenant !== undefined && !coversTenantSomewhere(principal, tenant)) {
    throw new RequestError("forbidden", `no grant covers tenant=${tenant}`);
  }
  const limit = query.clamped("limit", { min: 1, max: 1_000, fallback: 50 });
  const cursor = query.text("cursor");
  const offset = cursor === undefined ? query.clamped("offset", { min: 0, max: maxOffset, fallback: 0 }) : 0;
  const scope = auditScope(principal);
  const result = await store.query(
    { ...filterOf(query), ...(scope === undefined ? {} : { scope }) },
    { limit, offset, ascending: query.flag("sort_by_sequence_asc"), ...(cursor === undefined ? {} : { cursor }) },
  );
  const wire = {
    records: result.records.map((record) => auditRecordToWire(record, ttlMs)),
    ...(result.total === undefined ? {} : { total: result.total }),
    limit,
    offset,
    ...(result.nextCursor === undefined ? {} : { next_cursor: result.nextCursor }),
  };
  exchange.sendJson(JSON.stringify(wire));
}

/** `GET /v1/audit/{action_id}`: the latest record of that action (`wire-api.md` §7.4). */
export async function getAuditRecord(exchange: Exchange, services: Services): Promise<void> {
  const { store, ttlMs } = trailOf(services);
  const [actionId = ""] = exchange.params;
  const scope = auditScope(exchange.principal);
  const record = await store.get(actionId, scope);
  if (record !== undefined) return exchange.sendJson(JSON.stringify(auditRecordToWire(record, ttlMs)));
  if (scope !== undefined && (await store.get(actionId, undefined)) !== undefined) {
    throw new RequestError("forbidden", "forbidden: no grant covers this record");
  }
  throw new NotFoundError("audit record not found");
}

const maxOffset = 1_000_000_000;

function trailOf({ audit }: Services): NonNullable<Services["audit"]> {
  if (audit === undefined) throw new NotFoundError("the audit trail is off");
  return audit;
}

const textFilters = {
  namespace: "namespace",
  tenant: "tenant",
  provider: "provider",
  action_type: "actionType",
  action_id: "actionId",
  outcome: "outcome",
  verdict: "verdict",
  matched_rule: "matchedRule",
  caller_id: "callerId",
  chain_id: "chainId",
  signer_id: "signerId",
  kid: "kid",
} as const satisfies Record<string, keyof AuditFilter>;

/** All exact; each is bound as data, whatever it holds (guarantees §8 row 76). */
function filterOf(query: Query): AuditFilter {
  const filter: Record<string, string | number> = {};
  for (const [parameter, field] of Object.entries(textFilters)) {
    const value = query.text(parameter);
    if (value !== undefined) filter[field] = value;
  }
  for (const [parameter, field] of [
    ["from", "fromMs"],
    ["to", "toMs"],
  ] as const) {
    const value = query.text(parameter);
    if (value !== undefined) filter[field] = instant(parameter, value);
  }
  return filter;
}

function instant(parameter: string, value: string): number {
  const atMs = parseInstant(value);
  if (atMs !== undefined) return atMs;
  throw new RequestError("invalid_instant", `${parameter} must be an RFC 3339 instant with an offset`);
}
