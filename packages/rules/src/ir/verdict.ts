import type { JsonValue, Span } from "@acteon/core";
import type { Expr } from "./expr.ts";

/** What a rule decides once its condition holds (`wire-api.md` §5.4). Frozen, as expressions are. */
export type Verdict = Allow | Deny | Deduplicate | Suppress | Reroute | Throttle | Modify | Custom | UnbuiltVerdict;

export type VerdictKind = Verdict["kind"];

interface Node {
  readonly span: Span;
}

export interface Allow extends Node {
  readonly kind: "allow";
}

export interface Deny extends Node {
  readonly kind: "deny";
  readonly reason: Expr | undefined;
}

export interface Deduplicate extends Node {
  readonly kind: "deduplicate";
  /** Text; absent: that of a `state.seen` conjunct, else `dedup_key`, else the action id. */
  readonly key: Expr | undefined;
  /** A duration; absent: that of a `state.seen` conjunct, else for good. */
  readonly ttl: Expr | undefined;
}

export interface Suppress extends Node {
  readonly kind: "suppress";
  readonly reason: Expr | undefined;
  /** Once fired, what passes the stateless part of the condition is suppressed for so long. A duration. */
  readonly duration: Expr | undefined;
}

export interface Reroute extends Node {
  readonly kind: "reroute";
  /** The name of a provider. */
  readonly to: Expr;
}

export interface Throttle extends Node {
  readonly kind: "throttle";
  /** So many pass in a window: a whole number ≥ 0. */
  readonly limit: Expr;
  /** A duration; absent: that of a `state.counter` conjunct. */
  readonly window: Expr | undefined;
}

export interface Modify extends Node {
  readonly kind: "modify";
  readonly mutations: readonly Mutation[];
  /** Ends the evaluation (the existing YAML dialect); else later rules still decide, and mutations accumulate. */
  readonly terminal: boolean;
}

/** A change of the payload. Paths begin below the payload; keys only. */
export type Mutation = Node &
  (
    | /** RFC 7396. */ { readonly op: "merge"; readonly patch: Expr }
    | /** Makes missing maps on the way. */ {
        readonly op: "set";
        readonly path: readonly string[];
        readonly value: Expr;
      }
    | { readonly op: "remove"; readonly path: readonly string[] }
    | /** Nothing happens where `path` is missing. */ {
        readonly op: "rename";
        readonly path: readonly string[];
        readonly to: readonly string[];
      }
  );

export interface Custom extends Node {
  readonly kind: "custom";
  readonly handler: string;
  readonly params: readonly (readonly [name: string, value: Expr])[];
}

/** Verdicts of later work: they parse, and a load refuses them by name. */
export interface UnbuiltVerdict extends Node {
  readonly kind: "state_machine" | "group" | "request_approval" | "chain" | "schedule";
  readonly params: Readonly<Record<string, JsonValue>>;
}
