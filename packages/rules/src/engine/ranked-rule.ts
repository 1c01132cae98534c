import type { RuleRef } from "@acteon/core";
import type { CompiledRule } from "../compile/compile-rule.ts";
import type { Constraint } from "../compile/constraints.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";

/** A rule among others, ready to be asked. */
export type RankedRule = Place &
  (
    | { readonly kind: "compiled"; readonly compiled: CompiledRule }
    | { readonly kind: "native"; readonly native: NativeRule }
  );

interface Place {
  readonly ref: RuleRef;
  readonly priority: number;
  readonly enabled: boolean;
}

export function sourceOf(rule: RankedRule): Rule | NativeRule {
  return rule.kind === "native" ? rule.native : rule.compiled.source;
}

/** A native rule may have a say in any action. */
export function constraintsOfRule(rule: RankedRule): readonly Constraint[] {
  return rule.kind === "native" ? [] : rule.compiled.constraints;
}
