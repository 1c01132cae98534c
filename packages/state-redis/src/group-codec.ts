import { DataDamagedError, unreachable } from "@acteon/core";
import type {
  Fence,
  GroupResult,
  OperationResult,
  Refusal,
  StateGroup,
  StateKey,
  StateOperation,
  StoredValue,
  Version,
} from "@acteon/state";
import { parseStateKey } from "@acteon/state";
import type { RedisKeys } from "./redis-keys.ts";

/*
 * What `apply-script.ts` is sent and what it answers.
 *
 * Request: the JSON text `[keys, words, number of groups]`, and the values as arguments of their own, since JSON would escape
 * every quote of them. Keys, words and values are three streams that the operations use up in their order. A group begins with
 * its number of operations; an operation is its name and its own words. Before that may stand `fence` and a token, with the
 * lock as a key, and `collapsed` and what the record has in front of the value, instead of `:`. Numbers are texts where that
 * saves the server from reading and writing them.
 *
 * Answer: a text of numbers, and then the records and lists that were asked for. The numbers are the stamp of the first group
 * (each further group's is one more), the server's ms, and then of each group 0 and what its operations have to tell beyond
 * "done", or the place of the refused operation, counted from 1, and why.
 */
export type ScriptReply = readonly [numbers: string, ...found: readonly Found[]];
type Found = string | null | readonly string[];

export interface ScriptRequest {
  readonly request: string;
  readonly values: readonly string[];
}

export function encodeGroups(groups: readonly StateGroup[], layout: RedisKeys): ScriptRequest {
  const keys: string[] = [];
  const words: Word[] = [];
  const values: string[] = [];
  for (const group of groups) {
    words.push(group.length);
    for (const operation of group) encode(operation, { layout, keys, words, values });
  }
  return { request: JSON.stringify([keys, words, groups.length]), values };
}

/** A `takeDue` of one scope's index, alone. */
export function encodeTakeDue(dueKey: string, { nowMs, limit, holdMs }: TakeDue): ScriptRequest {
  const words: readonly Word[] = [1, "takeDue", nowMs, limit, holdMs];
  return { request: JSON.stringify([[dueKey], words, 1]), values: [] };
}

export type TakeDue = Extract<StateOperation, { readonly op: "takeDue" }>;
export type DueEntry = { readonly key: StateKey; readonly dueAtMs: number };

/** The answer to `encodeTakeDue`. */
export function decodeTakenDue(reply: ScriptReply): readonly DueEntry[] {
  const reader = new ReplyReader(reply);
  reader.number();
  return decodeDue(reader.texts());
}

type Word = string | number | false;

interface Streams {
  readonly layout: RedisKeys;
  readonly keys: string[];
  readonly words: Word[];
  readonly values: string[];
}

/** The operations of every action come first. */
function encode(operation: StateOperation, streams: Streams): void {
  const { layout, keys, words, values } = streams;
  switch (operation.op) {
    case "acquire":
      keys.push(layout.record(operation.lock));
      words.push("acquire", operation.owner, String(operation.leaseMs), operation.fenced === true ? "f" : "u");
      return;
    case "release":
      keys.push(layout.record(operation.lock));
      words.push("release", operation.owner);
      return;
    case "extend":
      keys.push(layout.record(operation.lock));
      words.push("extend", operation.owner, String(operation.leaseMs));
      return;
    case "increment":
      encodeWrite(operation.key, operation.fence, streams);
      words.push("increment", operation.delta, ttlText(operation.ttlMs), operation.atMost ?? false);
      return;
    case "checkAndSet":
    case "compareAndSwap": {
      const expected = operation.op === "checkAndSet" ? "absent" : operation.expected;
      encodeWrite(operation.key, operation.fence, streams);
      words.push("compareAndSwap", expected, ttlText(operation.ttlMs));
      values.push(operation.value);
      return;
    }
    case "set":
      encodeWrite(operation.key, operation.fence, streams);
      words.push("set", ttlText(operation.ttlMs));
      values.push(operation.value);
      return;
    case "delete":
      encodeFence(operation.fence, streams);
      keys.push(layout.record(operation.key));
      words.push("delete", operation.expected ?? "");
      return;
    case "get":
    case "members":
      keys.push(layout.record(operation.key));
      words.push(operation.op);
      return;
    case "indexDue":
      keys.push(layout.due(operation.index, operation.key.scope));
      words.push("indexDue", operation.key.fullText, operation.dueAtMs);
      return;
    case "unindexDue":
      keys.push(layout.due(operation.index, operation.key.scope));
      words.push("unindexDue", operation.key.fullText);
      return;
    case "takeDue":
      keys.push(layout.due(operation.index, undefined));
      words.push("takeDue", operation.nowMs, operation.limit, operation.holdMs);
      return;
    case "append":
      encodeFence(operation.fence, streams);
      keys.push(layout.record(operation.key));
      words.push("append", ttlText(operation.ttlMs), operation.atMost ?? false);
      values.push(operation.value);
      return;
    default:
      unreachable(operation);
  }
}

/** In front of a write of a value: its record keeps the full text of a collapsed key (guarantees K3). */
function encodeWrite(key: StateKey, fence: Fence | undefined, streams: Streams): void {
  encodeFence(fence, streams);
  if (key.text !== key.fullText) streams.words.push("collapsed", `=${key.fullText}\n`);
  streams.keys.push(streams.layout.record(key));
}

function encodeFence(fence: Fence | undefined, { layout, keys, words }: Streams): void {
  if (fence === undefined) return;
  keys.push(layout.record(fence.lock));
  words.push("fence", String(fence.token));
}

function ttlText(ttlMs: number | undefined): string {
  return ttlMs === undefined ? "0" : String(ttlMs);
}

/** @throws {DataDamagedError} A record that the groups asked for is not one of ours. */
export function decodeReply(groups: readonly StateGroup[], reply: ScriptReply): GroupResult[] {
  const reader = new ReplyReader(reply);
  return groups.map((group) => {
    const refusedAt = reader.number();
    const result: GroupResult =
      refusedAt === 0
        ? { kind: "done", results: group.map((operation) => decodeResult(operation, reader)) }
        : { kind: "refused", at: refusedAt - 1, found: decodeRefusal(group[refusedAt - 1], reader) };
    reader.stamp++;
    return result;
  });
}

class ReplyReader {
  readonly #numbers: readonly string[];
  readonly #found: ScriptReply;
  #nextNumber = 2;
  #nextFound = 1;
  readonly nowMs: number;
  /** Of the group under way. */
  stamp: number;

  constructor(reply: ScriptReply) {
    this.#numbers = reply[0].split(" ");
    this.#found = reply;
    this.stamp = Number(this.#numbers[0]);
    this.nowMs = Number(this.#numbers[1]);
  }

  number(): number {
    return Number(this.#numbers[this.#nextNumber++]);
  }

  record(): string | null {
    return this.#found[this.#nextFound++] as string | null;
  }

  texts(): readonly string[] {
    return this.#found[this.#nextFound++] as readonly string[];
  }

  /** What is left of a life, from the last ms of it. */
  remainingMs(): number | undefined {
    return remainingMs(this.number(), this.nowMs);
  }
}

/** As it stands in the record: 16 digits, which µs have since 2001. */
function versionOf(stamp: number): Version {
  return String(stamp).padStart(lifeAt, "0") as Version;
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const indexed = { kind: "indexed" } as const;
const lost = { kind: "lost" } as const;
const released = { kind: "released" } as const;

function decodeResult(operation: StateOperation, reader: ReplyReader): OperationResult {
  switch (operation.op) {
    case "acquire":
      return { kind: "acquired", token: BigInt(reader.stamp) };
    case "set":
    case "checkAndSet":
    case "compareAndSwap":
      return { kind: "stored", version: versionOf(reader.stamp) };
    case "release":
      return reader.number() === 1 ? released : lost;
    case "extend":
      return reader.number() === 1 ? extended : lost;
    case "increment":
      return { kind: "counted", count: reader.number(), remainingMs: reader.remainingMs() };
    case "delete":
    case "unindexDue":
      return reader.number() === 1 ? deleted : absent;
    case "get": {
      const record = reader.record();
      return record === null ? absent : { kind: "found", ...decodeRecord(record, operation.key, reader.nowMs) };
    }
    case "indexDue":
      return indexed;
    case "takeDue":
      return { kind: "due", entries: decodeDue(reader.texts()) };
    case "append":
      return { kind: "appended", size: reader.number() };
    case "members":
      return { kind: "list", values: reader.texts() };
    default:
      return unreachable(operation);
  }
}

function decodeRefusal(operation: StateOperation | undefined, reader: ReplyReader): Refusal {
  const reason = reader.number();
  switch (reason) {
    case 1: {
      const record = reader.record();
      if (record === null || operation === undefined || !("key" in operation)) break;
      return { kind: "found", ...decodeRecord(record, operation.key, reader.nowMs) };
    }
    case 2:
      return absent;
    case 3:
      return { kind: "counted", count: reader.number(), remainingMs: reader.remainingMs() };
    case 4:
      return { kind: "held", remainingMs: reader.remainingMs() };
    case 5:
      return { kind: "staleToken", token: BigInt(reader.number()) };
    case 6:
      return { kind: "full", size: reader.number() };
  }
  throw new DataDamagedError(`the script of the Redis store refused with ${reason}, which it does not`);
}

/** Places in a record, as `apply-script.ts` writes it. */
const lifeAt = 16;
const markAt = 29;

/** @throws {DataDamagedError} It is no record of a value, or that of another key with the same digest (guarantees K3). */
export function decodeRecord(record: string, key: StateKey, nowMs: number): StoredValue {
  const { fullText, value } = splitRecord(record);
  if (fullText !== undefined && fullText !== key.fullText)
    throw new DataDamagedError("a record in Redis is of another key than the one that it lies under");
  return {
    value,
    version: record.slice(0, lifeAt) as Version,
    remainingMs: remainingMs(Number(record.slice(lifeAt, markAt)), nowMs),
  };
}

export function isLease(record: string): boolean {
  return record[markAt] === "u" || record[markAt] === "f";
}

/** `fullText`: of a collapsed key. @throws {DataDamagedError} It is no record of a value. */
export function splitRecord(record: string): { readonly fullText: string | undefined; readonly value: string } {
  const mark = record[markAt];
  if (mark === ":") return { fullText: undefined, value: record.slice(markAt + 1) };
  const end = record.indexOf("\n", markAt);
  if (mark !== "=" || end === -1) throw new DataDamagedError("a record in Redis is not laid out as ours are");
  return { fullText: record.slice(markAt + 1, end), value: record.slice(end + 1) };
}

/** `[member, score, …]`, as Redis lists them. */
function decodeDue(texts: readonly string[]): readonly DueEntry[] {
  const entries: DueEntry[] = [];
  for (let i = 0; i + 1 < texts.length; i += 2)
    entries.push({ key: parseStateKey(texts[i] as string), dueAtMs: Number(texts[i + 1]) });
  return entries;
}

/** At least 1: that the record was found means that it lives, if only for the rest of this ms. */
function remainingMs(lastMs: number, nowMs: number): number | undefined {
  return lastMs === 0 ? undefined : Math.max(1, lastMs + 1 - nowMs);
}
