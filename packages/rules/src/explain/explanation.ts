import type { JsonValue, RuleRef } from "@acteon/core";
import type { Decision } from "../decision.ts";
import type { Settled } from "../engine/settle-decision.ts";
import type { ClauseTrace, ClauseValue } from "./clause-trace.ts";

/** Why an action was decided as it was, and what each rule had to do with it. */
export interface Explanation extends Settled {
  readonly decision: Decision;
  /** In evaluation order, the disabled ones too. */
  readonly rules: readonly RuleTrace[];
  /** The rule that did not match and lacked the least. */
  readonly nearestMiss: RuleTrace | undefined;
}

/** The data of a trace entry of `wire-api.md` §6.4. */
export interface RuleTrace {
  readonly rule: RuleRef;
  readonly priority: number;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly language: string;
  /** The tag of its verdict; `native` for a function. */
  readonly verdict: string;
  /** `wire-api.md` §6.4. */
  readonly condition: string;
  readonly result: TraceResult;
  /** The top-level clauses, in source order; empty for a function, and for a rule that the index left out. */
  readonly clauses: readonly ClauseTrace[];
  readonly durationMs: number;
  /** Of a matched `modify` rule: the payload after it and those before it. */
  readonly modifiedPayload: JsonValue | undefined;
}

export type TraceResult =
  | { readonly kind: "matched" }
  | {
      readonly kind: "notMatched";
      /** `index`: an action with other values was wanted. `gate`: everything held, and the gate let it pass. */
      readonly why: "index" | "condition" | "gate" | "function";
      /** For `index`: what the action would have to be. */
      readonly wanted: readonly (ClauseValue & { readonly wanted: readonly JsonValue[] })[];
    }
  | { readonly kind: "error"; readonly message: string; readonly skipped: boolean }
  | { readonly kind: "skipped"; readonly reason: "disabled" }
  | { readonly kind: "skipped"; readonly reason: "earlier_rule_matched"; readonly by: RuleRef };
