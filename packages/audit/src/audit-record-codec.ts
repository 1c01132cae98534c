import { DataDamagedError, outcomeCategory, parseJsonText, restoreAction } from "@acteon/core";
import type { ActionOutcome, JsonObject, JsonValue, RuleRef } from "@acteon/core";
import { chainIdOf, matchedRule } from "./audit-fields.ts";
import type { AuditFields } from "./audit-fields.ts";
import type { AuditAttempt, AuditRecord } from "./audit-record.ts";
import type { ProfileTexts } from "./profile-texts.ts";

/**
 * A record as one line of JSON, without a line break in it:
 *
 *     ["<id>","<action id>",[…profile…],dispatchedAtMs,tookMs,payload,createdAt,metadata,outcome,attempts,rest?]
 *
 * The *profile* is what the records of one kind of traffic share, and all they can be found by: a store keeps each
 * distinct one once, tells them apart by their bytes, and reads ids, profile and time from the front of the line without
 * parsing the rest. `rest` has what most records have not. Instants are whole ms.
 *
 * This runs on the thread that dispatches: one `JSON.stringify` over plain values is what V8 does fastest. The ids stay
 * outside of it, because V8 leaves its fast path for the whole call where a string was made by concatenation, as UUIDs
 * are: 1 µs more a record.
 * @param profiles Of whoever encodes many.
 */
export function encodeAuditRecord(record: AuditRecord, profiles?: ProfileTexts): string {
  const { action, outcome } = record;
  const profile = profileOf(record);
  const row = JSON.stringify([
    record.dispatchedAtMs,
    record.completedAtMs - record.dispatchedAtMs,
    action.payload,
    action.createdAt,
    action.metadata,
    outcome,
    flatAttempts(record),
    restOf(record),
  ]);
  const id = record.id.length === uuidLength ? `"${record.id}"` : JSON.stringify(record.id);
  return `[${id},${JSON.stringify(action.id)},${profiles?.of(profile) ?? JSON.stringify(profile)},${row.slice(1)}`;
}

function profileOf(record: AuditRecord): StoredProfile {
  const { action, rule, outcome } = record;
  return [
    action.namespace,
    action.tenant ?? null,
    action.provider,
    action.actionType,
    outcomeCategory(outcome),
    record.verdict,
    rule?.name ?? null,
    rule?.file ?? null,
    rule?.line ?? null,
    record.ruleSetHash,
    record.callerId,
    record.authMethod,
    record.lateAnswer,
    chainIdOf(outcome) ?? null,
    action.signerId ?? null,
    action.kid ?? null,
  ];
}

/** What is as long as a UUID is one, and needs no escapes: only we make the ids of records. */
const uuidLength = 36;

/** Attempt after attempt in one list, begun relative to the dispatch: small integers are cheaper to write than instants. */
function flatAttempts({ attempts, dispatchedAtMs }: AuditRecord): (number | string)[] {
  const flat: (number | string)[] = [];
  for (const { number, provider, startedAtMs, durationMs, result } of attempts) {
    flat.push(number, provider, startedAtMs - dispatchedAtMs, durationMs, result);
  }
  return flat;
}

/** What is seldom there; `undefined` when nothing of it is. Named as in the wire form of an action. */
function restOf({ action, facts }: AuditRecord): object | undefined {
  if (
    action.dedupKey === undefined &&
    action.discriminator === undefined &&
    action.status === undefined &&
    action.fingerprint === undefined &&
    action.startsAt === undefined &&
    action.endsAt === undefined &&
    action.template === undefined &&
    action.signature === undefined &&
    action.attachments.length === 0 &&
    facts.length === 0 &&
    isEmpty(action.traceContext)
  )
    return undefined;
  return {
    dedup_key: action.dedupKey,
    discriminator: action.discriminator,
    status: action.status,
    fingerprint: action.fingerprint,
    starts_at: action.startsAt,
    ends_at: action.endsAt,
    template: action.template,
    signature: action.signature,
    attachments:
      action.attachments.length === 0
        ? undefined
        : action.attachments.map(({ id, name, filename, contentType, dataBase64 }) => ({
            id,
            name,
            filename,
            content_type: contentType,
            data_base64: dataBase64,
          })),
    trace_context: action.traceContext,
    facts: facts.length === 0 ? undefined : facts,
  };
}

function isEmpty(map: Readonly<Record<string, string>>): boolean {
  for (const _key in map) return false;
  return true;
}

/**
 * What `encodeAuditRecord` wrote, integers beyond 2^53 − 1 kept digit for digit (guarantees S8).
 * @throws {DataDamagedError} It is no such line.
 */
export function decodeAuditRecord(line: string): AuditRecord {
  const row = parseJsonText(line);
  if (!isStoredRow(row)) throw new DataDamagedError("a stored audit record is damaged");
  const [id, actionId, profileRow, dispatchedAtMs, tookMs, payload, createdAt, metadata, outcome, attempts, rest] = row;
  const { fields, rule, ruleSetHash, authMethod, lateAnswer } = decodeAuditProfile(profileRow);
  const { facts = [], ...actionRest } = rest ?? {};
  return {
    id,
    action: restoreAction({
      id: actionId,
      namespace: fields.namespace,
      tenant: fields.tenant ?? null,
      provider: fields.provider,
      action_type: fields.actionType,
      payload,
      created_at: createdAt,
      metadata,
      signer_id: fields.signerId ?? null,
      kid: fields.kid ?? null,
      ...actionRest,
    }),
    verdict: fields.verdict,
    rule,
    ruleSetHash,
    facts,
    outcome,
    attempts: attemptsOf(attempts, dispatchedAtMs),
    dispatchedAtMs,
    completedAtMs: dispatchedAtMs + tookMs,
    callerId: fields.callerId,
    authMethod,
    lateAnswer,
  };
}

type StoredRow = readonly [
  id: string,
  actionId: string,
  profile: StoredProfile,
  dispatchedAtMs: number,
  tookMs: number,
  payload: JsonValue,
  createdAt: string,
  metadata: JsonObject,
  outcome: ActionOutcome,
  attempts: readonly (number | string)[],
  rest?: JsonObject & { readonly facts?: AuditRecord["facts"] },
];

function attemptsOf(flat: StoredRow[9], dispatchedAtMs: number): AuditAttempt[] {
  const attempts: AuditAttempt[] = [];
  for (let at = 0; at < flat.length; at += 5) {
    attempts.push({
      number: Number(flat[at]),
      provider: String(flat[at + 1]),
      startedAtMs: Number(flat[at + 2]) + dispatchedAtMs,
      durationMs: Number(flat[at + 3]),
      result: String(flat[at + 4]),
    });
  }
  return attempts;
}

/** Only this module writes rows, so their outline tells them from anything else; `restoreAction` checks the action. */
function isStoredRow(row: unknown): row is StoredRow {
  return Array.isArray(row) && row.length >= 10 && Array.isArray(row[2]) && row[2].length === 16;
}

/** What the records of one profile have in common. */
export interface AuditProfile extends Pick<AuditRecord, "rule" | "ruleSetHash" | "authMethod" | "lateAnswer"> {
  readonly fields: AuditFields;
}

export type StoredProfile = readonly [
  namespace: string,
  tenant: string | null,
  provider: string,
  actionType: string,
  outcome: string,
  verdict: string,
  rule: string | null,
  file: string | null,
  line: number | null,
  ruleSetHash: string,
  callerId: string,
  authMethod: AuditRecord["authMethod"],
  lateAnswer: boolean,
  chainId: string | null,
  signerId: string | null,
  kid: string | null,
];

export function decodeAuditProfile(profile: StoredProfile): AuditProfile {
  const [namespace, tenant, provider, actionType, outcome, verdict, ruleName, file, line, ...others] = profile;
  const [ruleSetHash, callerId, authMethod, lateAnswer, chainId, signerId, kid] = others;
  const rule: RuleRef | undefined =
    ruleName === null || file === null || line === null ? undefined : { name: ruleName, file, line };
  return {
    fields: {
      namespace,
      tenant: tenant ?? undefined,
      provider,
      actionType,
      outcome,
      verdict,
      matchedRule: matchedRule(verdict, rule?.name),
      callerId,
      chainId: chainId ?? undefined,
      signerId: signerId ?? undefined,
      kid: kid ?? undefined,
    },
    rule,
    ruleSetHash,
    authMethod,
    lateAnswer,
  };
}
