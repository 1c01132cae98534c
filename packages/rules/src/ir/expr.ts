import type { JsonValue, Span } from "@acteon/core";
import type { Query } from "./query.ts";

/**
 * The pure expression tree that every rule language lowers to. Semantics live on the node (`design.md` §5): where two
 * languages disagree about the same operator, the node says which of them it means, and one evaluator serves all.
 *
 * Every node is plain data (it survives `structuredClone`), frozen, tagged by `kind`, and carries the span of its
 * source. Operands stand in source order, and no pass reorders them: explanations and coverage follow the source.
 */
export type Expr =
  | Literal
  | ListExpr
  | MapExpr
  | ActionPath
  | DedupKey
  | Local
  | Now
  | TimePart
  | EnvVariable
  | ProviderHealth
  | StateSeen
  | StateEntry
  | StateCounter
  | StateTimeSince
  | Field
  | Index
  | Has
  | Not
  | Negate
  | Compare
  | Arithmetic
  | Membership
  | Logic
  | Conditional
  | Call
  | Template
  | Quantifier
  | Let
  | QueryExpr
  | DocumentValue
  | Invocation
  | Replaceable
  | FirstDefined
  | Agreement;

export type ExprKind = Expr["kind"];

interface Node {
  readonly span: Span;
}

/**
 * Whose rules an operator follows.
 *
 * | | equality | order | wrong operands |
 * |---|---|---|---|
 * | `legacy` | numbers across int and float; lists deep; maps never equal | number–number, text–text | error, null too |
 * | `plain` | numbers across int and float; deep | the same, durations, instants; null is never less nor more | error |
 * | `cel` | numbers across int, uint, double; deep | the same, bool, bytes, durations, instants | error |
 * | `rego` | deep | total, over all types | undefined |
 * | `drl` | numbers across; text that is a number equals it; deep | as `plain`, with that conversion | error |
 *
 * `legacy` is the `condition`/`action` dialect of `wire-api.md` §26, `plain` the `when`/`then` dialect and native rules.
 */
export type Semantics = "legacy" | "plain" | "cel" | "rego" | "drl";

/**
 * What a field is that is not there.
 *
 * - `error`: CEL.
 * - `undefined`: Rego; whatever asks for it is undefined too, and a condition that is undefined does not hold.
 * - `null`: DRL and `when`/`then` YAML; also the field of null, of a scalar and of a list.
 * - `nullKey`: the existing YAML dialect: a missing key of a map is null, a field of anything but a map is an error.
 */
export type Missing = "error" | "undefined" | "null" | "nullKey";

/** `int` is a safe integer, or a bigint beyond that; `duration` and `timestamp` (since the epoch) are nanoseconds. */
export type Literal = Node & { readonly kind: "literal" } & (
    | { readonly type: "null"; readonly value: null }
    | { readonly type: "bool"; readonly value: boolean }
    | { readonly type: "int"; readonly value: number | bigint }
    | { readonly type: "uint"; readonly value: bigint }
    | { readonly type: "double"; readonly value: number }
    | { readonly type: "string"; readonly value: string }
    | { readonly type: "bytes"; readonly value: Uint8Array }
    | { readonly type: "duration"; readonly value: bigint }
    | { readonly type: "timestamp"; readonly value: bigint }
    | /** A document of configuration, such as `data.…`. */ { readonly type: "json"; readonly value: JsonValue }
    | /** A type as a value: `int`. */ { readonly type: "type"; readonly value: string }
  );

export interface ListExpr extends Node {
  readonly kind: "list";
  readonly items: readonly Expr[];
}

export interface MapExpr extends Node {
  readonly kind: "map";
  /** Any value can be a key, but in CEL only a text, an int, a uint and a bool. */
  readonly keys?: "cel";
  readonly entries: readonly (readonly [key: Expr, value: Expr])[];
}

/**
 * A path into the serialised action (`wire-api.md` §3), in wire names: `["payload", "service"]`, `["action_type"]`,
 * `["dedup_key"]` (the field: null when absent). `[]` is the whole action. Keys only; list elements through `index`.
 */
export interface ActionPath extends Node {
  readonly kind: "action";
  readonly path: readonly string[];
  readonly missing: Missing;
}

/** `action.dedup_key()` and `{{ action.dedup_key }}`: the field `dedup_key`, else the action id. */
export interface DedupKey extends Node {
  readonly kind: "dedupKey";
}

/** A name bound by a quantifier or a query around it. */
export interface Local extends Node {
  readonly kind: "local";
  readonly name: string;
}

/** The instant of the evaluation: a timestamp, or a whole number of seconds or nanoseconds since the epoch. */
export interface Now extends Node {
  readonly kind: "now";
  readonly as: "timestamp" | "seconds" | "nanoseconds";
}

/** A part of the local time in `zone`, else in the rule's time zone, else in the engine's default. */
export interface TimePart extends Node {
  readonly kind: "time";
  readonly part:
    | "hour"
    | "minute"
    | "second"
    | "day"
    | "month"
    | "year"
    /** `Monday` … `Sunday`. */
    | "weekday"
    /** 1 (Monday) … 7. */
    | "weekday_num"
    /** Unix seconds, whatever the zone. */
    | "timestamp";
  readonly zone: string | undefined;
}

/** A variable of the configured environment. */
export interface EnvVariable extends Node {
  readonly kind: "env";
  readonly name: string;
  readonly missing: Missing;
}

/** What the executor has seen of a provider. `latencyP99` is a duration, 0 before the first attempt. */
export interface ProviderHealth extends Node {
  readonly kind: "health";
  readonly provider: Expr;
  readonly fact: "circuitOpen" | "latencyP99" | "failureRate";
}

/**
 * Does an execution hold, or has one committed, this dedup key (since less than `window` ago, where given)? As a
 * conjunct of a `deduplicate` rule it is the rule's gate and is not read (`design.md` §5).
 */
export interface StateSeen extends Node {
  readonly kind: "stateSeen";
  readonly key: Expr;
  /** A duration. */
  readonly window: Expr | undefined;
}

/** The text of a state entry, null when absent. */
export interface StateEntry extends Node {
  readonly kind: "stateEntry";
  readonly key: Expr;
}

/**
 * A counter, 0 when absent. Without a window it is one that others increment, and is read. With a window it counts by
 * itself and includes this execution; as `> n` or `>= n` of a `throttle` rule it is the rule's gate (`design.md` §5).
 */
export interface StateCounter extends Node {
  readonly kind: "stateCounter";
  readonly key: Expr;
  /** A duration. */
  readonly window: Expr | undefined;
}

/** How long ago the RFC 3339 instant in a state entry was: a duration, null when absent. Another text is an error. */
export interface StateTimeSince extends Node {
  readonly kind: "stateTimeSince";
  readonly key: Expr;
}

/** `of.name`; of the action, `field()` makes an `action` path of it. */
export interface Field extends Node {
  readonly kind: "field";
  readonly of: Expr;
  readonly name: string;
  readonly missing: Missing;
}

/** `of[at]`: a list's element from 0, a map's value, in `rego` an element of a set. Of an optional it is optional, too. */
export interface Index extends Node {
  readonly kind: "index";
  readonly of: Expr;
  readonly at: Expr;
  readonly missing: Missing;
}

/** Is there something at `reference`? Its last step is looked up, the steps before it are evaluated as they say. */
export interface Has extends Node {
  readonly kind: "has";
  readonly reference: ActionPath | Field | Index | EnvVariable;
}

/** Of anything but a bool: an error; of undefined in `rego`: true. */
export interface Not extends Node {
  readonly kind: "not";
  readonly operand: Expr;
  readonly semantics: Semantics;
}

export interface Negate extends Node {
  readonly kind: "negate";
  readonly operand: Expr;
  readonly semantics: Semantics;
}

export interface Compare extends Node {
  readonly kind: "compare";
  readonly op: "eq" | "ne" | "lt" | "le" | "gt" | "ge";
  readonly left: Expr;
  readonly right: Expr;
  readonly semantics: Semantics;
}

export interface Arithmetic extends Node {
  readonly kind: "arithmetic";
  readonly op: "add" | "subtract" | "multiply" | "divide" | "modulo";
  readonly left: Expr;
  readonly right: Expr;
  readonly semantics: Semantics;
  /** Numbers of two types are wrong operands (CEL to the letter); else a double meets an int as a double. */
  readonly strict?: true;
  /** As in `Call`. */
  readonly surfaces?: true;
}

/**
 * Is `item` an element of the list or set, or a key of the map (in `rego` a value), by the equality of `semantics`? Of
 * anything else: an error, in `rego` false.
 */
export interface Membership extends Node {
  readonly kind: "in";
  readonly item: Expr;
  readonly collection: Expr;
  readonly semantics: Semantics;
}

/**
 * `and`, `or`: no operand is true, false. Operands must be bools.
 *
 * - `absorbs: "none"`: left to right; the first operand that decides ends it, and so does the first error.
 * - `absorbs: "errors"`: CEL: an operand that decides wins over an error on either side of it.
 */
export interface Logic extends Node {
  readonly kind: "and" | "or";
  readonly operands: readonly Expr[];
  readonly absorbs: "none" | "errors";
}

export interface Conditional extends Node {
  readonly kind: "conditional";
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}

/**
 * A built-in by its name in the engine's table (`contains`, `startsWith`, `matches`, `lower` …), the same name in every
 * language. `semantics` says what arguments of a wrong type give: an error (`legacy`, `cel`), undefined (`rego`); in
 * `plain` and `drl` a predicate of null is false, a function of null null, anything else an error.
 */
export interface Call extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expr[];
  readonly semantics: Semantics;
  /** What is undefined in `rego` because of its operands is an error all the same (OPA's strict mode). */
  readonly surfaces?: true;
}

/**
 * Text with holes: the parts in order, each converted to text: numbers in digits, lists and maps as compact JSON. A part
 * that is null or missing is empty (`empty`), or an error, which suits keys: an empty hole would put what is unrelated
 * under one key; in Rego the text is undefined then.
 */
export interface Template extends Node {
  readonly kind: "template";
  readonly parts: readonly Expr[];
  readonly ofNull: "empty" | "error" | "undefined";
}

/**
 * `all`, `any`, `one` (exactly one) of the elements of a list or the entries of a map. `key` names the index or key,
 * `value` the element or value. Lowers to a query. `absorbs` as in `Logic`. Over anything else: an error (`legacy`,
 * `cel`), no element (`rego`), of which `all` is undefined; in `plain` and `drl` null has no element, anything else is an error.
 */
export interface Quantifier extends Node {
  readonly kind: "quantifier";
  readonly quantifier: "all" | "any" | "one";
  readonly over: Expr;
  readonly key: string | undefined;
  readonly value: string | undefined;
  /** As in `Scan`. */
  readonly valueOfMap?: "key";
  readonly condition: Expr;
  readonly absorbs: "none" | "errors";
  readonly semantics: Semantics;
}

/** `body`, with a name for a value. A value that is an error or undefined is so where the name stands, and only there. */
export interface Let extends Node {
  readonly kind: "let";
  readonly name: string;
  readonly value: Expr;
  readonly body: Expr;
}

/**
 * The solutions of a query, as one value. `exists`: is there one? `first`: what the first emits, else undefined.
 * `only`: the same, but two solutions that emit different values are an error. `list`: what they emit, in order. `set`:
 * without what was there before. `map`: what they emit by key; two values under one key are an error. `tree`: maps within
 * maps, the key being the list of keys that lead to a value; two different values at one place are an error.
 */
export interface QueryExpr extends Node {
  readonly kind: "query";
  readonly body: readonly Query[];
  readonly collect: "exists" | "first" | "only" | "list" | "set" | "map" | "tree";
}

/** The value of a definition without parameters. It is computed once in an evaluation. */
export interface DocumentValue extends Node {
  readonly kind: "document";
  /** Of a definition of the rule (`Rule.definitions`). */
  readonly name: string;
}

/** A definition with parameters, of these arguments; of an argument that is undefined it is undefined. */
export interface Invocation extends Node {
  readonly kind: "invoke";
  readonly name: string;
  readonly args: readonly Expr[];
}

/** What a `with` step around it has put at this path, or at a place above or below; else `value`. */
export interface Replaceable extends Node {
  readonly kind: "replaceable";
  /** `["input", "user"]`, `["data", "lib", "roles"]`. */
  readonly path: readonly string[];
  readonly value: Expr;
}

/** The first of them that is not undefined (Rego's `else` and `default`). */
export interface FirstDefined extends Node {
  readonly kind: "firstDefined";
  readonly options: readonly Expr[];
}

/** What all of them say that are not undefined; that two say different things is an error (Rego's complete rules). */
export interface Agreement extends Node {
  readonly kind: "agreement";
  readonly options: readonly Expr[];
}
