import type { Span } from "@acteon/core";
import { node, timeParts } from "@acteon/rules";
import type { Expr, ProviderHealth, TimePart } from "@acteon/rules";

import { durationExpr } from "./duration.ts";
import type { DurationText } from "./duration.ts";
import { Condition, keyExpr, Value } from "./value.ts";

type ActionField =
  | "id"
  | "namespace"
  | "tenant"
  | "provider"
  | "action_type"
  | "payload"
  | "created_at"
  | "metadata"
  | "dedup_key"
  | "discriminator"
  | "status"
  | "fingerprint"
  | "starts_at"
  | "ends_at"
  | "trace_context"
  | "template"
  | "attachments"
  | "signature"
  | "signer_id"
  | "kid";

/** Names with dots between them, those of the serialised action. */
export type FieldPath =
  | `action.${ActionField}`
  | `action.${"payload" | "metadata" | "trace_context"}.${string}`
  | `time.${TimePart["part"]}`
  | "now"
  | `env.${string}`;

/**
 * A field of the action, a part of the time (in the rule's time zone), the time in seconds, or a configured variable.
 * Absent is null, also below what is absent.
 *
 * @param steps Further steps that dots cannot say: a key with a dot in it, or the place of an element of a list.
 * @throws {RangeError} The path names no root or no part of one.
 */
export function field(path: FieldPath, ...steps: readonly (string | number)[]): Value {
  const [root, first, ...rest] = path.split(".");
  if (root === "now") return new Value((span) => node({ kind: "now", as: "seconds", span }));
  if (first === undefined) throw new RangeError(`no path of a field: ${JSON.stringify(path)}`);
  switch (root) {
    case "action":
      return new Value((span) => node({ kind: "action", path: [first], missing: "null", span })).at(...rest, ...steps);
    case "time": {
      const part = timeParts.find((name) => name === first);
      if (part === undefined) throw new RangeError(`no part of the time: ${JSON.stringify(first)}`);
      return new Value((span) => node({ kind: "time", part, zone: undefined, span }));
    }
    case "env":
      return new Value((span) => node({ kind: "env", name: [first, ...rest].join("."), missing: "null", span }));
    default:
      throw new RangeError(`no path of a field: ${JSON.stringify(path)}`);
  }
}

/** The time as an instant: compares with what `call("timestamp", …)` makes of a text, and moves by a `duration`. */
export const now = new Value((span) => node({ kind: "now", as: "timestamp", span }));

/** The dedup key of the action, else its id. */
export const dedupKey = new Value((span) => node({ kind: "dedupKey", span }));

/**
 * Does an execution hold, or has one committed, this dedup key, less than `window` ago where given? In a rule that
 * deduplicates it is the gate itself, and is not read (`design.md` §5).
 */
export function seen(key: string | Value, window?: DurationText): Condition {
  return new Condition((span) => {
    const duration = window === undefined ? undefined : durationExpr(window, span);
    return node({ kind: "stateSeen", key: keyExpr(key, span), window: duration, span });
  });
}

/**
 * A counter. With a window it counts by itself, one per execution that gets so far, and includes this one; without, others
 * increment it. In a rule that throttles, `counter(…).greaterThan(n)` is the gate itself (`design.md` §5).
 */
export function counter(key: string | Value, window?: DurationText): Value {
  return new Value((span) => {
    const duration = window === undefined ? undefined : durationExpr(window, span);
    return node({ kind: "stateCounter", key: keyExpr(key, span), window: duration, span });
  });
}

/** An entry of the state, which others write: its text, or absent. */
export function stateEntry(key: string | Value): Value {
  return new Value((span) => node({ kind: "stateEntry", key: keyExpr(key, span), span }));
}

/** How long ago it is that the instant which the entry holds was; compares with `duration`. */
export function timeSince(key: string | Value): Value {
  return new Value((span) => node({ kind: "stateTimeSince", key: keyExpr(key, span), span }));
}

/** Is the circuit breaker of the provider open? */
export function circuitOpen(provider: string | Value): Condition {
  return new Condition((span) => health(provider, "circuitOpen", span));
}

/** Of the attempts that the executor made lately: nothing before the first; compares with `duration`. */
export function latencyP99(provider: string | Value): Value {
  return new Value((span) => health(provider, "latencyP99", span));
}

/** Failures among the attempts that the executor made lately, 0 … 1. */
export function failureRate(provider: string | Value): Value {
  return new Value((span) => health(provider, "failureRate", span));
}

function health(provider: string | Value, fact: ProviderHealth["fact"], span: Span): Expr {
  return node({ kind: "health", provider: keyExpr(provider, span), fact, span });
}

/** A length of time, to compare with. */
export function duration(text: DurationText): Value {
  return new Value((span) => durationExpr(text, span));
}
