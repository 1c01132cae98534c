import { unreachable } from "@acteon/core";
import { dueIndexes } from "@acteon/state";
import type { DueIndex, StateGroup, StateKey, StateOperation } from "@acteon/state";
import { operationCodes, rowKinds } from "./apply-function.ts";
import { int4Array, int8Array, textArray } from "./binary-array.ts";

/** The key of a due entry: besides those of guarantees K1, which all begin with their version. */
export function dueRowKey(index: DueIndex, key: StateKey): string {
  return `due/${index}/${key.text}`;
}

export function dueRowKind(index: DueIndex): number {
  return rowKinds.due + dueIndexes.indexOf(index);
}

/** What `apply_v1` is called with, but for the time that it may wait. `takeDue` is no part of it. */
export function encodeGroups(groups: readonly StateGroup[]): readonly (Buffer | number)[] {
  const call = new CallEncoder();
  for (const group of groups) call.add(group);
  return call.parameters();
}

const code = operationCodes;

class CallEncoder {
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #tuples: (string | undefined)[] = [];
  #anyTuple = false;
  /** By slot: may a group of the call write it? */
  readonly #locked: boolean[] = [];
  readonly #groupEnds: number[] = [];
  readonly #readOnly: boolean[] = [];
  /** By operation: its slot, and what else it takes. */
  readonly #operations: number[] = [];
  readonly #slotOf: number[] = [];
  readonly #texts: (string | undefined)[] = [];
  readonly #lives: number[] = [];
  readonly #operands: number[] = [];
  readonly #limits: number[] = [];

  add(group: StateGroup): void {
    const first = this.#operations.length;
    let readOnly = true;
    for (const operation of group) {
      this.#operation(operation);
      readOnly &&= operation.op === "get";
    }
    const end = this.#operations.length;
    if (!readOnly) this.#lock(first, end);
    this.#groupEnds.push(end);
    this.#readOnly.push(readOnly);
  }

  parameters(): readonly (Buffer | number)[] {
    this.#lockReaders();
    const { order, locked } = this.#order();
    const places: number[] = Array.from({ length: order.length });
    for (let i = 0; i < order.length; i++) places[order[i] as number] = i + 1;
    return [
      textArray(order.map((slot) => this.#keys[slot])),
      textArray(this.#anyTuple ? order.map((slot) => this.#tuples[slot]) : []),
      locked,
      int4Array(this.#groupEnds),
      int4Array(this.#operations),
      int4Array(this.#slotOf.map((slot) => places[slot] as number)),
      textArray(this.#texts),
      int8Array(this.#lives),
      int8Array(this.#operands),
      int8Array(this.#limits),
    ];
  }

  #operation(operation: StateOperation): void {
    if ("fence" in operation && operation.fence !== undefined) {
      const { lock, token } = operation.fence;
      // Tokens of this store are below 2^53: whatever is above is above all of them.
      const operand = token < Number.MAX_SAFE_INTEGER ? Number(token) : Number.MAX_SAFE_INTEGER;
      this.#push(code.fence, lock.text, lock, undefined, 0, operand, 0);
    }
    switch (operation.op) {
      case "acquire": {
        const { lock, owner, leaseMs, fenced } = operation;
        return this.#push(code.acquire, lock.text, lock, owner, leaseMs, 0, fenced === true ? 1 : 0);
      }
      case "release":
        return this.#push(code.release, operation.lock.text, operation.lock, operation.owner, 0, 0, 0);
      case "extend":
        return this.#push(code.extend, operation.lock.text, operation.lock, operation.owner, operation.leaseMs, 0, 0);
      case "checkAndSet":
      case "set":
        return this.#value(code[operation.op], operation.key, operation.value, operation.ttlMs, 0);
      case "compareAndSwap": {
        const { key, expected, value, ttlMs } = operation;
        if (expected === "absent") return this.#value(code.checkAndSet, key, value, ttlMs, 0);
        return this.#value(code.compareAndSwap, key, value, ttlMs, Number(expected));
      }
      case "delete": {
        const { key, expected } = operation;
        if (expected === undefined) return this.#push(code.delete, key.text, key, undefined, 0, 0, 0);
        return this.#push(code.deleteVersion, key.text, key, undefined, 0, Number(expected), 0);
      }
      case "increment": {
        const { key, delta, ttlMs = forGood, atMost = Number.MAX_SAFE_INTEGER } = operation;
        return this.#push(code.increment, key.text, key, undefined, ttlMs, delta, atMost);
      }
      case "append": {
        const { key, value, ttlMs = forGood, atMost = Number.MAX_SAFE_INTEGER } = operation;
        return this.#push(code.append, key.text, key, value, ttlMs, 0, atMost);
      }
      case "get":
      case "members":
        return this.#push(code[operation.op], operation.key.text, operation.key, undefined, 0, 0, 0);
      case "indexDue": {
        const { index, key, dueAtMs } = operation;
        return this.#push(code.indexDue, dueRowKey(index, key), key, undefined, dueAtMs, 0, dueRowKind(index));
      }
      case "unindexDue":
        return this.#push(
          code.unindexDue,
          dueRowKey(operation.index, operation.key),
          operation.key,
          undefined,
          0,
          0,
          0,
        );
      case "takeDue":
        throw new TypeError("takeDue is a statement of its own");
      default:
        return unreachable(operation);
    }
  }

  #value(operation: number, key: StateKey, value: string, ttlMs = forGood, expected: number): void {
    this.#push(operation, key.text, key, value, ttlMs, expected, 0);
  }

  #push(
    operation: number,
    rowKey: string,
    key: StateKey,
    text: string | undefined,
    life: number,
    operand: number,
    limit: number,
  ): void {
    let slot = this.#slots.get(rowKey);
    if (slot === undefined) {
      slot = this.#keys.length;
      this.#slots.set(rowKey, slot);
      this.#keys.push(rowKey);
      this.#locked.push(false);
      const isCollapsed = key.fullText !== key.text;
      this.#tuples.push(isCollapsed ? key.fullText : undefined);
      this.#anyTuple ||= isCollapsed;
    }
    this.#operations.push(operation);
    this.#slotOf.push(slot);
    this.#texts.push(text);
    this.#lives.push(life);
    this.#operands.push(operand);
    this.#limits.push(limit);
  }

  #lock(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#locked[this.#slotOf[at] as number] = true;
  }

  /** A group that only reads needs no lock, unless it sees what the call writes: the rest of it must fit to that then. */
  #lockReaders(): void {
    let first = 0;
    for (let i = 0; i < this.#groupEnds.length; i++) {
      const end = this.#groupEnds[i] as number;
      if (this.#readOnly[i] === true && end - first > 1)
        for (let at = first; at < end; at++)
          if (this.#locked[this.#slotOf[at] as number] === true) {
            this.#lock(first, end);
            break;
          }
      first = end;
    }
  }

  /** The slots, those to be locked first, in the order in which every call locks them. */
  #order(): { readonly order: readonly number[]; readonly locked: number } {
    const locked: number[] = [];
    const read: number[] = [];
    for (let slot = 0; slot < this.#keys.length; slot++) (this.#locked[slot] === true ? locked : read).push(slot);
    const keys = this.#keys;
    locked.sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : 1));
    return { order: locked.concat(read), locked: locked.length };
  }
}

/** As a life: without an end. */
const forGood = -1;
