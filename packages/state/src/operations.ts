import { InternalError } from "@acteon/core";
import type { ScanRange } from "./scan-range.ts";
import type { KeyKind, StateKey } from "./state-key.ts";
import type {
  ApplyOptions,
  DueIndex,
  OperationResult,
  Refusal,
  StateEntry,
  StateOperation,
  StateStore,
  StoredValue,
  Version,
} from "./state-store.ts";

/*
 * The operations that the design document and the page on state backends name, each a group of its own. The road of an
 * action does not use them: it hands whole groups to `apply`.
 */

type Applying = Pick<StateStore, "apply">;
type Scanning = Pick<StateStore, "scan">;

export interface WriteOptions extends ApplyOptions {
  /** For good, unless said. */
  readonly ttlMs?: number;
}

/** Stores if nothing is there. */
export async function checkAndSet(
  store: Applying,
  key: StateKey,
  value: string,
  options: WriteOptions,
): Promise<{ readonly kind: "stored"; readonly version: Version } | ({ readonly kind: "exists" } & StoredValue)> {
  const answer = await applyOne(store, { op: "checkAndSet", key, value, ttlMs: options.ttlMs }, options);
  if (answer.kind === "stored") return answer;
  if (answer.kind === "found") return { ...answer, kind: "exists" };
  throw unforeseen("checkAndSet", answer);
}

export async function get(store: Applying, key: StateKey, options: ApplyOptions): Promise<StoredValue | undefined> {
  const answer = await applyOne(store, { op: "get", key }, options);
  if (answer.kind === "found") return answer;
  if (answer.kind === "absent") return undefined;
  throw unforeseen("get", answer);
}

export async function set(store: Applying, key: StateKey, value: string, options: WriteOptions): Promise<Version> {
  const answer = await applyOne(store, { op: "set", key, value, ttlMs: options.ttlMs }, options);
  if (answer.kind === "stored") return answer.version;
  throw unforeseen("set", answer);
}

/** True if something was there. Offered as `delete`, which no function can be called in its own file. */
export async function deleteKey(store: Applying, key: StateKey, options: ApplyOptions): Promise<boolean> {
  const answer = await applyOne(store, { op: "delete", key }, options);
  if (answer.kind === "deleted") return true;
  if (answer.kind === "absent") return false;
  throw unforeseen("delete", answer);
}

/** Adds `delta`, and starts the window of `ttlMs` at the first hit. */
export async function increment(
  store: Applying,
  key: StateKey,
  delta: number,
  options: WriteOptions,
): Promise<{ readonly count: number; readonly remainingMs: number | undefined }> {
  const answer = await applyOne(store, { op: "increment", key, delta, ttlMs: options.ttlMs }, options);
  if (answer.kind === "counted") return { count: answer.count, remainingMs: answer.remainingMs };
  throw unforeseen("increment", answer);
}

/** Stores if `expected` is what is there. */
export async function compareAndSwap(
  store: Applying,
  key: StateKey,
  expected: Version | "absent",
  value: string,
  options: WriteOptions,
): Promise<
  | { readonly kind: "stored"; readonly version: Version }
  | { readonly kind: "conflict"; readonly current: StoredValue | undefined }
> {
  const answer = await applyOne(store, { op: "compareAndSwap", key, expected, value, ttlMs: options.ttlMs }, options);
  if (answer.kind === "stored") return answer;
  if (answer.kind === "found") return { kind: "conflict", current: answer };
  if (answer.kind === "absent") return { kind: "conflict", current: undefined };
  throw unforeseen("compareAndSwap", answer);
}

/** The entries of one scope and kind whose id begins with `idPrefix`. */
export function scanKeys(
  store: Scanning,
  { scope, kind, idPrefix }: Required<ScanRange>,
  options: ApplyOptions,
): AsyncIterable<StateEntry> {
  return store.scan({ scope, kind, idPrefix }, options);
}

/** The entries of a kind, of all tenants. */
export function scanKeysByKind(store: Scanning, kind: KeyKind, options: ApplyOptions): AsyncIterable<StateEntry> {
  return store.scan({ kind }, options);
}

export interface TakeOptions extends ApplyOptions {
  readonly limit: number;
  /** For how long nobody else is told of them; 0: they stay due. */
  readonly holdMs: number;
}

export function indexTimeout(
  store: Applying,
  key: StateKey,
  expiresAtMs: number,
  options: ApplyOptions,
): Promise<void> {
  return indexDue(store, "timeout", key, expiresAtMs, options);
}

export function removeTimeoutIndex(store: Applying, key: StateKey, options: ApplyOptions): Promise<boolean> {
  return unindexDue(store, "timeout", key, options);
}

/** The keys whose timeout is over at `nowMs`, the earliest first. */
export function getExpiredTimeouts(store: Applying, nowMs: number, options: TakeOptions): Promise<readonly StateKey[]> {
  return takeDue(store, "timeout", nowMs, options);
}

export function indexChainReady(
  store: Applying,
  key: StateKey,
  readyAtMs: number,
  options: ApplyOptions,
): Promise<void> {
  return indexDue(store, "chain_ready", key, readyAtMs, options);
}

export function removeChainReadyIndex(store: Applying, key: StateKey, options: ApplyOptions): Promise<boolean> {
  return unindexDue(store, "chain_ready", key, options);
}

/** The chains whose next step is ready at `nowMs`, the earliest first. */
export function getReadyChains(store: Applying, nowMs: number, options: TakeOptions): Promise<readonly StateKey[]> {
  return takeDue(store, "chain_ready", nowMs, options);
}

async function indexDue(
  store: Applying,
  index: DueIndex,
  key: StateKey,
  dueAtMs: number,
  options: ApplyOptions,
): Promise<void> {
  const answer = await applyOne(store, { op: "indexDue", index, key, dueAtMs }, options);
  if (answer.kind !== "indexed") throw unforeseen("indexDue", answer);
}

async function unindexDue(store: Applying, index: DueIndex, key: StateKey, options: ApplyOptions): Promise<boolean> {
  const answer = await applyOne(store, { op: "unindexDue", index, key }, options);
  if (answer.kind === "deleted") return true;
  if (answer.kind === "absent") return false;
  throw unforeseen("unindexDue", answer);
}

async function takeDue(
  store: Applying,
  index: DueIndex,
  nowMs: number,
  { limit, holdMs, signal }: TakeOptions,
): Promise<readonly StateKey[]> {
  const answer = await applyOne(store, { op: "takeDue", index, nowMs, limit, holdMs }, { signal });
  if (answer.kind === "due") return answer.entries.map(({ key }) => key);
  throw unforeseen("takeDue", answer);
}

/** What became of one operation in a group of its own: its result, or what it was refused for. */
export async function applyOne(
  store: Applying,
  operation: StateOperation,
  { signal }: ApplyOptions,
): Promise<OperationResult | Refusal> {
  const [group] = await store.apply([[operation]], { signal });
  if (group?.kind === "refused") return group.found;
  const result = group?.results[0];
  if (result === undefined) throw new InternalError(`the state store gave no result for ${operation.op}`);
  return result;
}

function unforeseen(op: StateOperation["op"], answer: OperationResult | Refusal): InternalError {
  return new InternalError(`the state store answered ${op} with ${answer.kind}`);
}
