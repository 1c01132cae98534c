export type {
  Decision,
  End,
  Gate,
  Plan,
  ProviderHealthPort,
  RuleEnvironment,
  RuleSet,
  StateAnswer,
  StateFact,
  StateRead,
} from "./decision.ts";
export { createBuiltinTable } from "./builtins/builtin-table.ts";
export type { Builtin, BuiltinTable } from "./builtins/builtin.ts";
export { compileRegex, maxPatternLength } from "./builtins/linear-regex.ts";
export { actionFieldNames } from "./compile/action-fields.ts";
export { evaluateExpr } from "./compile/evaluate-expr.ts";
export type { ExprResult } from "./compile/evaluate-expr.ts";
export { didYouMean, errorAt, warningAt } from "./diagnostics/finding.ts";
export { Findings, maxFindings } from "./diagnostics/findings.ts";
export type { Extent, PlacedFinding } from "./diagnostics/findings.ts";
export { ruleCodes } from "./diagnostics/rule-codes.ts";
export type { RuleCode } from "./diagnostics/rule-codes.ts";
export type { CompiledRuleSet } from "./engine/compiled-rule-set.ts";
export { evaluatePlan } from "./engine/evaluate-plan.ts";
export type { StatePort } from "./engine/evaluate-plan.ts";
export { fixedStatePort } from "./engine/fixed-state.ts";
export type { FixedState } from "./engine/fixed-state.ts";
export { describeChange } from "./engine/rule-change.ts";
export type { RuleChange } from "./engine/rule-change.ts";
export { RuleEngine } from "./engine/rule-engine.ts";
export type { LoadOptions, LoadResult, RuleEngineOptions, RuleSummary } from "./engine/rule-engine.ts";
export { RuleLoadError } from "./engine/rule-load-error.ts";
export { settleDecision } from "./engine/settle-decision.ts";
export type { GatedStatePort, Settled } from "./engine/settle-decision.ts";
export type { ClauseTrace, ClauseValue } from "./explain/clause-trace.ts";
export type { ExplainOptions } from "./explain/explain.ts";
export type { Explanation, RuleTrace, TraceResult } from "./explain/explanation.ts";
export type { ParsedRules, RuleFrontEnd } from "./front-end.ts";
export { displayExpr } from "./ir/display.ts";
export { sameIr } from "./ir/same-ir.ts";
export { configuredData } from "./names/configured-data.ts";
export type { ConfiguredData } from "./names/configured-data.ts";
export { timeParts } from "./names/time-parts.ts";
export type { NativeContext, NativeRule, NativeVerdict } from "./native-rule.ts";
export { durationLiteral, field, jsonExpr, literal, node, windowOf } from "./ir/build.ts";
export { childrenOf } from "./ir/children.ts";
export type {
  ActionPath,
  Arithmetic,
  Call,
  Compare,
  Conditional,
  DedupKey,
  EnvVariable,
  Expr,
  ExprKind,
  Field,
  Has,
  Index,
  Let,
  ListExpr,
  Literal,
  Local,
  Logic,
  MapExpr,
  Membership,
  Missing,
  Negate,
  Not,
  Now,
  ProviderHealth,
  Quantifier,
  QueryExpr,
  Semantics,
  StateCounter,
  StateEntry,
  StateSeen,
  StateTimeSince,
  Template,
  TimePart,
} from "./ir/expr.ts";
export type { Bind, Either, Emit, Guard, NoSolution, Query, Scan, With } from "./ir/query.ts";
export type { Rule } from "./ir/rule.ts";
export type {
  Allow,
  Custom,
  Deduplicate,
  Deny,
  Modify,
  Mutation,
  Reroute,
  Suppress,
  Throttle,
  UnbuiltVerdict,
  Verdict,
  VerdictKind,
} from "./ir/verdict.ts";
export { runRuleTest } from "./rule-test/rule-test.ts";
export type { RuleTest, RuleTestExpectation, RuleTestMismatch, RuleTestResult } from "./rule-test/rule-test.ts";
export { watchRules } from "./watch/watch-rules.ts";
export type { WatchOptions } from "./watch/watch-rules.ts";
export { identityOf } from "./values/keyed.ts";
export { Double, Duration, KeyedMap, Optional, Timestamp, typeOf, TypeValue, Uint, ValueSet } from "./values/value.ts";
export type { Value, ValueMap, ValueType } from "./values/value.ts";
