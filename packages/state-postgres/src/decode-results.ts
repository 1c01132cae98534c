import { unreachable } from "@acteon/core";
import type { GroupResult, OperationResult, Refusal, StateGroup, StateOperation, Version } from "@acteon/state";

/** What `apply_v1` answers: JSON arrays, absent where they would say nothing. */
export interface AppliedRow {
  /** For each group 0, or the operation that refused it, counted from 1 and with the fences. */
  readonly refused: string | null;
  /** For each operation: version, token, count, size; 1 or 0 for whether it did anything. */
  readonly numbers: string;
  /** Ms that what is there lives on; −1 for good. */
  readonly lefts: string | null;
  /** Value; of `members` a JSON array. */
  readonly values: string | null;
}

/** The results of the groups that `encodeGroups` was given. */
export function decodeResults(groups: readonly StateGroup[], row: AppliedRow): readonly GroupResult[] {
  const answer = new Answer(row);
  const refused = row.refused === null ? undefined : (JSON.parse(row.refused) as readonly number[]);
  const results: GroupResult[] = [];
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as StateGroup;
    results.push(answer.group(group, refused?.[i] ?? 0));
  }
  return results;
}

class Answer {
  readonly #numbers: readonly number[];
  readonly #lefts: readonly number[] | undefined;
  readonly #values: readonly (string | null)[] | undefined;
  /** The operation that is decoded, counted from 0 and with the fences. */
  #at = 0;

  constructor({ numbers, lefts, values }: AppliedRow) {
    this.#numbers = JSON.parse(numbers) as readonly number[];
    this.#lefts = lefts === null ? undefined : (JSON.parse(lefts) as readonly number[]);
    this.#values = values === null ? undefined : (JSON.parse(values) as readonly (string | null)[]);
  }

  /** @param refusedAt As in `AppliedRow.refused`. */
  group(group: StateGroup, refusedAt: number): GroupResult {
    if (refusedAt > 0) return this.#refused(group, refusedAt - 1);
    const results: OperationResult[] = [];
    for (const operation of group) {
      if (isFenced(operation)) this.#at++;
      results.push(this.#result(operation));
      this.#at++;
    }
    return { kind: "done", results };
  }

  #refused(group: StateGroup, refusedAt: number): GroupResult {
    let at = 0;
    let found: Refusal = absent;
    for (const [i, operation] of group.entries()) {
      if (isFenced(operation) && this.#at++ === refusedAt) {
        at = i;
        found = { kind: "staleToken", token: BigInt(this.#numbers[refusedAt] as number) };
      }
      if (this.#at++ === refusedAt) {
        at = i;
        found = this.#refusal(operation, refusedAt);
      }
    }
    return { kind: "refused", at, found };
  }

  #refusal(operation: StateOperation, at: number): Refusal {
    const number = this.#numbers[at] as number;
    const remainingMs = this.#left(at);
    const value = this.#values?.[at] ?? undefined;
    switch (operation.op) {
      case "acquire":
        return { kind: "held", remainingMs };
      case "append":
        return { kind: "full", size: number };
      case "increment":
        if (value === undefined) return { kind: "counted", count: number, remainingMs };
        return { kind: "found", value, version: versionOf(number), remainingMs };
      default:
        return value === undefined ? absent : { kind: "found", value, version: versionOf(number), remainingMs };
    }
  }

  #result(operation: StateOperation): OperationResult {
    const at = this.#at;
    const number = this.#numbers[at] as number;
    switch (operation.op) {
      case "acquire":
        return { kind: "acquired", token: BigInt(number) };
      case "release":
        return number === 1 ? released : lost;
      case "checkAndSet":
      case "compareAndSwap":
      case "set":
        return { kind: "stored", version: versionOf(number) };
      case "delete":
      case "unindexDue":
        return number === 1 ? deleted : absent;
      case "increment":
        return { kind: "counted", count: number, remainingMs: this.#left(at) };
      case "get":
        if (number === 0) return absent;
        return {
          kind: "found",
          value: this.#values?.[at] as string,
          version: versionOf(number),
          remainingMs: this.#left(at),
        };
      case "extend":
        return number === 1 ? extended : lost;
      case "indexDue":
        return indexed;
      case "append":
        return { kind: "appended", size: number };
      case "members":
        return { kind: "list", values: JSON.parse(this.#values?.[at] ?? "[]") as readonly string[] };
      case "takeDue":
        throw new TypeError("takeDue is a statement of its own");
      default:
        return unreachable(operation);
    }
  }

  #left(at: number): number | undefined {
    const left = this.#lefts?.[at] ?? -1;
    return left < 0 ? undefined : left;
  }
}

function isFenced(operation: StateOperation): boolean {
  return "fence" in operation && operation.fence !== undefined;
}

/** Versions are whole numbers below 2^53: drawn from a sequence that began at a clock's µs. */
export function versionOf(mark: number): Version {
  return mark as Version;
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
