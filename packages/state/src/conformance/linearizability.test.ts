import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLinearizable } from "./linearizability.ts";
import type { RecordedCall, SequentialModel } from "./linearizability.ts";
import { counterModel, mutexModel, registerModel } from "./models.ts";
import type { MutexOperation, MutexResult, RegisterOperation, RegisterResult } from "./models.ts";

const bounds = { clock: { monotonicMs: () => performance.now() }, maxMs: 10_000 };

const done = { kind: "done" } as const;

/** A call that went from one moment to another, or of which nobody heard again. */
function call<Operation, Result>(
  operation: Operation,
  result: Result,
  calledAt: number,
  at: number,
): RecordedCall<Operation, Result> {
  return { operation, calledAt, returned: { at, result } };
}

function unheard<Operation>(operation: Operation, calledAt: number): RecordedCall<Operation, never> {
  return { operation, calledAt, returned: undefined };
}

function set(value: string, calledAt: number, at: number): RecordedCall<RegisterOperation, RegisterResult> {
  return call({ op: "set", value }, done, calledAt, at);
}

function got(value: string | undefined, calledAt: number, at: number): RecordedCall<RegisterOperation, RegisterResult> {
  return call({ op: "get" }, { kind: "found", value }, calledAt, at);
}

function acquired(
  owner: string,
  token: bigint,
  calledAt: number,
  at: number,
): RecordedCall<MutexOperation, MutexResult> {
  return call({ op: "acquire", owner }, { kind: "acquired", token }, calledAt, at);
}

function released(owner: string, calledAt: number, at: number): RecordedCall<MutexOperation, MutexResult> {
  return call({ op: "release", owner }, { kind: "released" }, calledAt, at);
}

const good: Readonly<Record<string, readonly RecordedCall<RegisterOperation, RegisterResult>[]>> = {
  nothing: [],
  "a read beside a write may see it or not": [set("a", 0, 9), got(undefined, 1, 2), got("a", 3, 4)],
  "two writes beside each other, in either order": [set("a", 0, 5), set("b", 1, 4), got("a", 6, 7)],
  "an unheard write may have been, and later than it was sent": [
    unheard({ op: "set", value: "a" }, 0),
    got(undefined, 1, 2),
    got("a", 3, 4),
  ],
  "an unheard write may never have been": [
    unheard({ op: "set", value: "a" }, 0),
    got(undefined, 1, 2),
    got(undefined, 3, 4),
  ],
  "a swap that was beaten": [
    set("a", 0, 1),
    call({ op: "compareAndSwap", expected: "a", value: "b" }, done, 2, 9),
    call({ op: "compareAndSwap", expected: "a", value: "c" }, { kind: "found", value: "b" }, 3, 8),
  ],
};

const bad: typeof good = {
  "a read of what nobody wrote": [got("a", 0, 1)],
  "a read that misses a write which had returned": [set("a", 0, 1), got(undefined, 2, 3)],
  "a read that goes back in time": [set("a", 0, 9), got("a", 1, 2), got(undefined, 3, 4)],
  "a write lost under another": [set("a", 0, 1), set("b", 2, 3), got("a", 4, 5)],
  "two checkAndSet that both stored": [
    call({ op: "checkAndSet", value: "a" }, done, 0, 5),
    call({ op: "checkAndSet", value: "b" }, done, 1, 4),
  ],
  "two swaps of one version": [
    set("a", 0, 1),
    call({ op: "compareAndSwap", expected: "a", value: "b" }, done, 2, 9),
    call({ op: "compareAndSwap", expected: "a", value: "c" }, done, 3, 8),
  ],
  "a refusal that names what was not there": [
    set("a", 0, 1),
    call({ op: "checkAndSet", value: "b" }, { kind: "found", value: "c" }, 2, 3),
  ],
  "a deletion of what was absent": [call({ op: "delete" }, { kind: "done", deleted: true }, 0, 1)],
  "an unheard write that took effect, was read, and was undone": [
    unheard({ op: "set", value: "a" }, 0),
    got("a", 1, 2),
    got(undefined, 3, 4),
  ],
  "an unheard write that was read before it was sent": [got("a", 0, 1), unheard({ op: "set", value: "a" }, 2)],
};

const badLocks: Readonly<Record<string, readonly RecordedCall<MutexOperation, MutexResult>[]>> = {
  "two holders at a time": [acquired("a", 1n, 0, 1), acquired("b", 2n, 2, 3)],
  "a token that does not grow": [acquired("a", 2n, 0, 1), released("a", 2, 3), acquired("b", 2n, 4, 5)],
  "held while nobody had it": [call({ op: "acquire", owner: "a" }, { kind: "held" }, 0, 1)],
  "released by who did not hold it": [acquired("a", 1n, 0, 1), released("b", 2, 3)],
  "lost while it was held": [acquired("a", 1n, 0, 1), call({ op: "release", owner: "a" }, { kind: "lost" }, 2, 3)],
  "taken although an unheard holder never released it": [
    unheard({ op: "acquire", owner: "a" }, 0),
    call({ op: "acquire", owner: "b" }, { kind: "held" }, 1, 2),
    acquired("c", 2n, 3, 4),
  ],
};

describe("the checker of linearizability", () => {
  test.each(Object.entries(good))("explains %s", (_, history) => {
    expect(checkLinearizable(registerModel, history, bounds)).toEqual({ kind: "linearizable" });
  });

  test.each(Object.entries(bad))("finds out %s", (_, history) => {
    expect(checkLinearizable(registerModel, history, bounds)).toMatchObject({ kind: "violation" });
  });

  test.each(Object.entries(badLocks))("finds out a lock that is %s", (_, history) => {
    expect(checkLinearizable(mutexModel, history, bounds)).toMatchObject({ kind: "violation" });
  });

  test("explains a lock whose unheard holder was released by name", () => {
    const history = [
      unheard({ op: "acquire", owner: "a" } as const, 0),
      call({ op: "acquire", owner: "b" } as const, { kind: "held" } as const, 1, 2),
      released("a", 3, 4),
      acquired("b", 2n, 5, 6),
    ];
    expect(checkLinearizable(mutexModel, history, bounds)).toEqual({ kind: "linearizable" });
  });

  test("finds out a count that was counted twice, or not at all", () => {
    const count = (sum: number, calledAt: number) => call({ delta: 1 }, sum, calledAt, calledAt + 3);
    expect(checkLinearizable(counterModel, [count(1, 0), count(2, 1), count(3, 2)], bounds).kind).toBe("linearizable");
    expect(checkLinearizable(counterModel, [count(1, 0), count(2, 1), count(4, 2)], bounds).kind).toBe("violation");
    expect(checkLinearizable(counterModel, [count(1, 0), count(1, 1)], bounds).kind).toBe("violation");
  });

  test("explains whatever one register really did, and finds out any other reading of it", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(), (run, pick) => {
        expect(checkLinearizable(registerModel, run, bounds)).toEqual({ kind: "linearizable" });
        const at = pick % run.length;
        const lie = {
          ...run[at],
          returned: { at: run[at]?.returned?.at ?? 0, result: { kind: "found", value: "never" } },
        };
        const altered = run.with(at, lie as RecordedCall<RegisterOperation, RegisterResult>);
        const writes = run[at]?.operation.op === "set" || run[at]?.operation.op === "delete";
        if (!writes) expect(checkLinearizable(registerModel, altered, bounds).kind).toBe("violation");
      }),
    );
  });

  test("says so when it runs out of time", () => {
    // Every order of these leads to another state, and none to the last read: there is all of them to try.
    const longWinded: SequentialModel<string, string> = {
      initial: "",
      step: (state, operation, result) =>
        operation === "read" ? (result === state ? state : undefined) : state + operation,
    };
    const writes = Array.from({ length: 14 }, (_, i) => call(String.fromCharCode(97 + i), "", i, 100));
    const history = [...writes, call("read", "never", 101, 102)];
    let nowMs = 0;
    const clock = { monotonicMs: () => nowMs++ };
    expect(checkLinearizable(longWinded, history, { clock, maxMs: 100 })).toEqual({ kind: "undecided" });
  });
});

/** A run of one real register: each operation takes effect at its place, and its call and return lie somewhat apart from it. */
const anyRun = fc
  .array(
    fc.tuple(
      fc.constantFrom("get", "set", "delete", "checkAndSet", "compareAndSwap"),
      fc.nat({ max: 6 }),
      fc.nat({ max: 6 }),
    ),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((steps) => {
    let value: string | undefined;
    return steps.map(([op, before, after], i): RecordedCall<RegisterOperation, RegisterResult> => {
      const written = `v${i}`;
      const was = value;
      const found = { kind: "found", value: was } as const;
      const calledAt = i - before + i / 1_000;
      const at = i + after + 0.5 + i / 1_000;
      switch (op) {
        case "get":
          return call({ op }, found, calledAt, at);
        case "delete":
          value = undefined;
          return call({ op }, { kind: "done", deleted: was !== undefined }, calledAt, at);
        case "set":
          value = written;
          return call({ op, value: written }, done, calledAt, at);
        case "checkAndSet":
          if (was === undefined) value = written;
          return call({ op, value: written }, was === undefined ? done : found, calledAt, at);
        case "compareAndSwap": {
          const expected = i % 2 === 0 ? was : "other";
          if (expected === was) value = written;
          return call({ op, expected, value: written }, expected === was ? done : found, calledAt, at);
        }
      }
    });
  });
