export { defineRule } from "./define-rule.ts";
export type { ProviderHealth, RuleContext, RuleContextEnvironment, RuleDefinition } from "./define-rule.ts";
export type { DurationText } from "./duration.ts";
export {
  circuitOpen,
  counter,
  dedupKey,
  duration,
  failureRate,
  field,
  latencyP99,
  now,
  seen,
  stateEntry,
  timeSince,
} from "./facts.ts";
export type { FieldPath } from "./facts.ts";
export { rule } from "./rule-builder.ts";
export type { ModifyChanges, RuleBuilder, VerdictBuilder } from "./rule-builder.ts";
export { all, any, call, constant, text } from "./value.ts";
export type { Condition, Operand, Text, Value } from "./value.ts";
