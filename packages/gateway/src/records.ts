import {
  parseJsonText,
  restoreAction,
  stringifyAction,
  type Action,
  type ActionOutcome,
  type JsonObject,
  type JsonValue,
  type RuleRef,
} from "@acteon/core";
import type { AuditRecord } from "@acteon/audit";
import type { StateFact } from "@acteon/rules";

/**
 * The values of the entries of `design.md` §9, as JSON text. A record here is written by one version of Acteon and may be
 * read by the next: fields are only ever added.
 */

/** D: who has the dedup key. `held` by an E, `kept` by a dead letter, or `committed`. */
export interface DedupRecord {
  readonly state: "held" | "kept" | "committed";
  readonly execution: string;
  /** Text of the lock key of the identity whose execution it is. */
  readonly identity: string;
  readonly atMs: number;
}

/** I: which request came first under an `Idempotency-Key`, and its answer once there is one. */
export interface IdempotencyRecord {
  readonly digest: string;
  readonly execution: string;
  readonly atMs: number;
  readonly answer: StoredAnswer | undefined;
}

export interface StoredAnswer {
  readonly outcome: ActionOutcome;
  readonly rule: RuleRef | undefined;
}

/** E: an unfinished execution, with everything that another gateway needs to finish it. */
export interface ExecutionRecord {
  readonly execution: string;
  readonly state: "executing" | "parked";
  /** The attempt under way, from 1; what was sent before is `attempt - 1` calls. */
  readonly attempt: number;
  /** Of a parked one: when the next attempt is due. */
  readonly nextAtMs: number | undefined;
  /** Of a parked one: when the earliest attempt began that may have had its effect. */
  readonly ambiguousSinceAtMs: number | undefined;
  readonly work: Work;
}

/** What an execution set out to do: fixed once its verdict is certain. */
export interface Work {
  /** The id of the row that tells its end: the execution's, or a fresh one for a redrive under the same execution. */
  readonly auditId: string;
  readonly action: Action;
  /** Of a keyed one; for the others it is worked out from the action if ever it is asked for. */
  readonly digest: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** The provider to call, and the payload to send when rules changed it. */
  readonly provider: string;
  readonly payload: JsonValue | undefined;
  readonly verdict: string;
  readonly rule: RuleRef | undefined;
  readonly dedup: readonly { readonly key: string; readonly ttlMs: number | undefined }[];
  readonly ruleSetHash: string;
  readonly facts: readonly StateFact[];
  readonly dispatchedAtMs: number;
  readonly callerId: string;
  readonly authMethod: AuditRecord["authMethod"];
}

/** A dead letter: the work, and how it died. */
export interface DeadLetterRecord {
  readonly execution: string;
  readonly reason: "attempts_exhausted" | "deadline" | "outcome_unknown";
  /** Some attempt may have had its effect: a redrive goes on under the same idempotency key. */
  readonly outcomeUnknown: boolean;
  readonly error: { readonly code: string; readonly message: string };
  readonly attempts: number;
  readonly diedAtMs: number;
  readonly work: Work;
}

export function encodeDedup({ state, execution, identity, atMs }: DedupRecord): string {
  // An execution's id and a key's text have nothing to escape.
  return `{"state":"${state}","execution":"${execution}","identity":"${identity}","atMs":${atMs}}`;
}

export function decodeDedup(text: string): DedupRecord {
  return JSON.parse(text) as DedupRecord; // written by `encodeDedup` alone
}

export function encodeIdempotency(record: IdempotencyRecord): string {
  return JSON.stringify(record);
}

export function decodeIdempotency(text: string): IdempotencyRecord {
  // Answers may hold integers that no double can: the exact parser.
  return parseJsonText(text) as unknown as IdempotencyRecord;
}

/** The part of E and of a dead letter that does not change from attempt to attempt; made once. */
export function encodeWork(work: Work): string {
  const { action, ...rest } = work;
  return `${JSON.stringify(rest).slice(0, -1)},"action":${stringifyAction(action)}}`;
}

export function encodeExecution(
  execution: string,
  attempt: number,
  workText: string,
  parked?: { readonly nextAtMs: number; readonly ambiguousSinceAtMs: number | undefined },
): string {
  const since = parked?.ambiguousSinceAtMs === undefined ? "" : `,"ambiguousSinceAtMs":${parked.ambiguousSinceAtMs}`;
  const state = parked === undefined ? `"executing"` : `"parked","nextAtMs":${parked.nextAtMs}${since}`;
  return `{"execution":"${execution}","attempt":${attempt},"state":${state},"work":${workText}}`;
}

export function decodeExecution(text: string): ExecutionRecord {
  const record = parseJsonText(text) as JsonObject;
  return { ...(record as unknown as ExecutionRecord), work: decodeWork(record["work"] as JsonObject) };
}

export function encodeDeadLetter(letter: Omit<DeadLetterRecord, "work">, workText: string): string {
  return `${JSON.stringify(letter).slice(0, -1)},"work":${workText}}`;
}

export function decodeDeadLetter(text: string): DeadLetterRecord {
  const record = parseJsonText(text) as JsonObject;
  return { ...(record as unknown as DeadLetterRecord), work: decodeWork(record["work"] as JsonObject) };
}

function decodeWork(work: JsonObject): Work {
  return { ...(work as unknown as Work), action: restoreAction(work["action"] as JsonValue) };
}
