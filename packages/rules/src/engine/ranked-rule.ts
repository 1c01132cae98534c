import type { RuleRef } from "@acteon/core";
import type { CompiledRule } from "../compile/compile-rule.ts";
import type { NativeRule } from "../native-rule.ts";
import { compareText } from "../values/order.ts";

/** A rule in its place among the others. */
export type RankedRule =
  | { readonly kind: "compiled"; readonly ref: RuleRef; readonly enabled: boolean; readonly compiled: CompiledRule }
  | { readonly kind: "native"; readonly ref: RuleRef; readonly enabled: boolean; readonly native: NativeRule };

export function priorityOf(rule: RankedRule): number {
  return rule.kind === "native" ? rule.native.priority : rule.compiled.source.priority;
}

/**
 * Evaluation order (`design.md` §5): lower priority first; then by file path and place in the file; then native rules,
 * which keep the order in which they were registered.
 */
export function byRank(a: RankedRule, b: RankedRule): number {
  const byPriority = priorityOf(a) - priorityOf(b);
  if (byPriority !== 0) return byPriority;
  if (a.kind === "native" || b.kind === "native") return Number(a.kind === "native") - Number(b.kind === "native");
  return compareText(a.ref.file, b.ref.file) || a.compiled.source.order - b.compiled.source.order;
}
