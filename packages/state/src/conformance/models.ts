import type { SequentialModel } from "./linearizability.ts";

/** A key that holds a value. Every value of a history is written once, so that a value stands for its version. */
export type RegisterOperation =
  | { readonly op: "get" }
  | { readonly op: "set"; readonly value: string }
  | { readonly op: "delete" }
  | { readonly op: "checkAndSet"; readonly value: string }
  /** `expected`: the value that was read with the version. */
  | { readonly op: "compareAndSwap"; readonly expected: string | undefined; readonly value: string };

/** What was done (`done`, and whether something was there before a delete), or what was found: a value, or nothing. */
export type RegisterResult =
  | { readonly kind: "done"; readonly deleted?: boolean }
  | { readonly kind: "found"; readonly value: string | undefined };

/** A value that no register has, for none. */
const nothing = "";

export const registerModel: SequentialModel<RegisterOperation, RegisterResult> = {
  initial: nothing,
  step(state, operation, result) {
    const value = state === nothing ? undefined : state;
    const found = result === undefined || (result.kind === "found" && result.value === value);
    switch (operation.op) {
      case "get":
        return found ? state : undefined;
      case "set":
        return operation.value;
      case "delete":
        return result === undefined || (result.kind === "done" && result.deleted === (value !== undefined))
          ? nothing
          : undefined;
      case "checkAndSet":
      case "compareAndSwap": {
        const expected = operation.op === "checkAndSet" ? undefined : operation.expected;
        if (expected !== value) return found ? state : undefined;
        return result === undefined || result.kind === "done" ? operation.value : undefined;
      }
    }
  },
};

/** A count: `result` is the sum that was told. */
export const counterModel: SequentialModel<{ readonly delta: number }, number> = {
  initial: "0",
  step(state, { delta }, result) {
    const sum = Number(state) + delta;
    return result === undefined || result === sum ? String(sum) : undefined;
  },
};

/** A lock whose leases outlast the history. */
export type MutexOperation =
  | { readonly op: "acquire"; readonly owner: string }
  | { readonly op: "release"; readonly owner: string };

export type MutexResult =
  | { readonly kind: "acquired"; readonly token: bigint }
  | { readonly kind: "held" }
  | { readonly kind: "released" }
  | { readonly kind: "lost" };

/** State: owner, or nothing; and the largest token that is known to have been given (guarantees L1, L2). */
export const mutexModel: SequentialModel<MutexOperation, MutexResult> = {
  initial: " 0",
  step(state, operation, result) {
    const [holder = "", last = "0"] = state.split(" ");
    if (operation.op === "release") {
      const free = ` ${last}`;
      if (holder === operation.owner) return result === undefined || result.kind === "released" ? free : undefined;
      return result === undefined || result.kind === "lost" ? state : undefined;
    }
    if (holder !== "") return result === undefined || result.kind === "held" ? state : undefined;
    if (result === undefined) return `${operation.owner} ${last}`; // its token is not known, only that it is larger
    return result.kind === "acquired" && result.token > BigInt(last) ? `${operation.owner} ${result.token}` : undefined;
  },
};
