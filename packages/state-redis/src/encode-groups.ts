import { unreachable } from "@acteon/core";
import type { Fence, StateGroup, StateKey, StateOperation } from "@acteon/state";
import type { RedisKeys } from "./redis-keys.ts";

/**
 * What `apply-script.ts` is sent. `request` is the JSON text `[keys, words, number of groups]`; values are arguments of their
 * own, since JSON would escape every quote of them. Keys, words and values are three streams that the operations use up in
 * their order. A group begins with its number of operations; an operation is its name and its own words. Before that may stand
 * `fence` and a token, with the lock as a key, and `collapsed` and what the record has in front of the value, instead of `:`.
 * Numbers are texts where that saves the server from reading and writing them.
 */
export interface ScriptRequest {
  readonly request: string;
  readonly values: readonly string[];
}

export function encodeGroups(groups: readonly StateGroup[], layout: RedisKeys): ScriptRequest {
  const streams: Streams = { layout, keys: [], words: [], values: [] };
  const { keys, words, values } = streams;
  for (const group of groups) {
    words.push(group.length);
    for (const operation of group) encode(operation, streams);
  }
  return { request: JSON.stringify([keys, words, groups.length]), values };
}

/** A `takeDue` of one scope's index, alone. */
export function encodeTakeDue(dueKey: string, { nowMs, limit, holdMs }: TakeDue): ScriptRequest {
  const words: readonly Word[] = [1, "takeDue", nowMs, limit, holdMs];
  return { request: JSON.stringify([[dueKey], words, 1]), values: [] };
}

export type TakeDue = Extract<StateOperation, { readonly op: "takeDue" }>;

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
