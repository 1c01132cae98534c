import { DataDamagedError, unreachable } from "@acteon/core";
import type { GroupResult, OperationResult, Refusal, StateGroup, StateKey, StateOperation } from "@acteon/state";
import { parseStateKey } from "@acteon/state";
import { decodeRecord, remainingMs, versionOf } from "./record.ts";

/**
 * What `apply-script.ts` answers: a text of words, and then the records and lists that were asked for. The words are the stamp
 * of the first group (each further group's is one more), the server's ms, and then of each group 0 and what its operations have
 * to tell beyond "done", or the place of the refused operation, counted from 1, and why.
 */
export type ScriptReply = readonly [words: string, ...found: readonly Found[]];
type Found = string | null | readonly string[];

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

export interface DueEntry {
  readonly key: StateKey;
  readonly dueAtMs: number;
}

/** The answer to `encodeTakeDue`. */
export function decodeTakenDue(reply: ScriptReply): readonly DueEntry[] {
  const reader = new ReplyReader(reply);
  reader.number();
  return decodeDue(reader.texts());
}

class ReplyReader {
  readonly #words: readonly string[];
  readonly #found: ScriptReply;
  #nextWord = 2;
  #nextFound = 1;
  readonly nowMs: number;
  /** Of the group under way. */
  stamp: number;

  constructor(reply: ScriptReply) {
    this.#words = reply[0].split(" ");
    this.#found = reply;
    this.stamp = Number(this.#words[0]);
    this.nowMs = Number(this.#words[1]);
  }

  text(): string {
    return this.#words[this.#nextWord++] ?? "";
  }

  number(): number {
    return Number(this.text());
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
  const kind = reader.text();
  switch (kind) {
    case "found": {
      const record = reader.record();
      if (record === null || operation === undefined || !("key" in operation)) break;
      return { kind, ...decodeRecord(record, operation.key, reader.nowMs) };
    }
    case "absent":
      return absent;
    case "counted":
      return { kind, count: reader.number(), remainingMs: reader.remainingMs() };
    case "held":
      return { kind, remainingMs: reader.remainingMs() };
    case "staleToken":
      return { kind, token: BigInt(reader.text()) };
    case "full":
      return { kind, size: reader.number() };
  }
  throw new DataDamagedError(`the script of the Redis store refused with ${kind}, which it does not`);
}

/** `[member, score, …]`, as Redis lists them. */
function decodeDue(texts: readonly string[]): readonly DueEntry[] {
  const entries: DueEntry[] = [];
  for (let i = 0; i + 1 < texts.length; i += 2)
    entries.push({ key: parseStateKey(texts[i] as string), dueAtMs: Number(texts[i + 1]) });
  return entries;
}
