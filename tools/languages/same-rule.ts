import type { NativeRule, Rule } from "@acteon/rules";
import type { Reason } from "./reasons.ts";

/** One rule, said in every language: its texts decide alike, and lower to one IR but where it is told why not. */
export interface SameRule {
  readonly yaml: Said<string>;
  /** The `condition` / `action` dialect of YAML, where it can say the rule. */
  readonly legacy?: Said<string>;
  readonly cel: Said<string>;
  readonly rego: Said<string>;
  readonly drools: Said<string>;
  readonly native: Said<Rule | NativeRule>;
}

/** By the name that the rule has in every language. */
export type SameRules = Readonly<Record<string, SameRule>>;

export type Said<T> = T | OtherIr<T>;

/** It decides alike by another IR. */
export interface OtherIr<T> {
  readonly says: T;
  readonly because: Reason;
}

export function otherwise<T>(because: Reason, says: T): OtherIr<T> {
  return { because, says };
}
