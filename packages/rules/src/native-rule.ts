import type { Action, JsonValue, Span } from "@acteon/core";
import type { RuleEnvironment } from "./decision.ts";

/** A rule that is a function. It runs after the rules of files that have the same priority, as registered. */
export interface NativeRule {
  readonly kind: "native";
  readonly name: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where it was defined, as far as that is known. */
  readonly span: Span;
  readonly onError: "fail" | "skip";
  /**
   * `undefined`: it does not match. A promise suspends its own action only, and its answer is recorded as a fact. What it
   * throws is the error of the rule.
   */
  evaluate(context: NativeContext): NativeVerdict | undefined | Promise<NativeVerdict | undefined>;
}

export interface NativeContext {
  readonly action: Action;
  /** `dedup_key`, else the action id. */
  readonly dedupKey: string;
  readonly env: RuleEnvironment;
}

/** A verdict with its values computed; as `Verdict` otherwise. */
export type NativeVerdict =
  | { readonly kind: "allow" }
  | { readonly kind: "deny"; readonly reason?: string }
  | { readonly kind: "deduplicate"; readonly key?: string; readonly ttlMs?: number }
  | { readonly kind: "suppress"; readonly reason?: string }
  | { readonly kind: "reroute"; readonly to: string }
  | { readonly kind: "throttle"; readonly limit: number; readonly windowMs: number }
  | { readonly kind: "modify"; readonly merge: JsonValue }
  | { readonly kind: "custom"; readonly handler: string; readonly params?: Readonly<Record<string, JsonValue>> };
