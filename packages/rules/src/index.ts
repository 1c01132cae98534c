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
export { BuiltinFault, LimitFault, mismatch } from "./builtins/builtin.ts";
export type { Builtin, BuiltinResult, BuiltinTable } from "./builtins/builtin.ts";
export { utf8 } from "./builtins/conversion-builtins.ts";
export { compileRegex, maxPatternLength } from "./builtins/linear-regex.ts";
export type { LinearRegex, RegexMatch } from "./builtins/linear-regex.ts";
export { actionFieldNames } from "./compile/action-fields.ts";
export { evaluateExpr } from "./compile/evaluate-expr.ts";
export type { ExprResult } from "./compile/evaluate-expr.ts";
export { TimeZones } from "./compile/time-zones.ts";
export { didYouMean, errorAt, warningAt } from "./diagnostics/finding.ts";
export { Findings, maxFindings } from "./diagnostics/findings.ts";
export type { Extent, PlacedFinding } from "./diagnostics/findings.ts";
export { ruleCodes } from "./diagnostics/rule-codes.ts";
export type { RuleCode } from "./diagnostics/rule-codes.ts";
export { reportUnknownField } from "./diagnostics/unknown-field.ts";
export type { UnknownField } from "./diagnostics/unknown-field.ts";
export type { CompiledRuleSet } from "./engine/compiled-rule-set.ts";
export type { DataFiles, DocumentParser, ParsedDocument } from "./engine/data-documents.ts";
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
export type { ParsedRules, RuleFrontEnd, RuleLanguage, SourceText } from "./front-end.ts";
export { displayExpr } from "./ir/display.ts";
export { sameIr } from "./ir/same-ir.ts";
export { configuredData } from "./names/configured-data.ts";
export type { ConfiguredData } from "./names/configured-data.ts";
export { timeParts } from "./names/time-parts.ts";
export type { NativeContext, NativeRule, NativeVerdict } from "./native-rule.ts";
export { documentExpr, durationLiteral, field, jsonExpr, literal, logicExpr, node, windowOf } from "./ir/build.ts";
export { childrenOf, someExpr } from "./ir/children.ts";
export type { Definition, Definitions } from "./ir/definition.ts";
export type {
  ActionPath,
  Agreement,
  Arithmetic,
  Call,
  Compare,
  Conditional,
  DedupKey,
  DocumentValue,
  EnvVariable,
  Expr,
  ExprKind,
  Field,
  FirstDefined,
  Has,
  Index,
  Invocation,
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
  Replaceable,
  Semantics,
  StateCounter,
  StateEntry,
  StateSeen,
  StateTimeSince,
  Template,
  TimePart,
} from "./ir/expr.ts";
export type {
  Bind,
  Either,
  Emit,
  Guard,
  NoSolution,
  Query,
  ReplacedDocument,
  ReplacedFunction,
  Scan,
  With,
} from "./ir/query.ts";
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
export { maxBodySteps } from "./validate/validate-expr.ts";
export { verdictExpressions } from "./validate/validate-verdict.ts";
export { readNamedVerdict } from "./verdicts/named-verdict.ts";
export type { NamedParam, NamedVerdict } from "./verdicts/named-verdict.ts";
export {
  isVerdictName,
  reportUnknownVerdict,
  unbuiltVerdicts,
  verdictNames,
  verdictParams,
} from "./verdicts/verdict-names.ts";
export type { VerdictName } from "./verdicts/verdict-names.ts";
export { watchRules } from "./watch/watch-rules.ts";
export type { WatchOptions } from "./watch/watch-rules.ts";
export { compute, isFault } from "./values/arithmetic.ts";
export type { ArithmeticOp } from "./values/arithmetic.ts";
export { equal } from "./values/equality.ts";
export { entriesOf, entryAt, identityOf, isAnyMap, mapOf, setOf, valueAt } from "./values/keyed.ts";
export { compareText, inOrder, total } from "./values/order.ts";
export { textOf as valueText, toJson } from "./values/text.ts";
export {
  Double,
  Duration,
  fromJson,
  intOf,
  isList,
  KeyedMap,
  numberOf,
  Optional,
  Timestamp,
  typeOf,
  TypeValue,
  Uint,
  ValueSet,
} from "./values/value.ts";
export type { Value, ValueMap, ValueType } from "./values/value.ts";
export { isTooLarge, maxTextLength, maxWeight } from "./values/weight.ts";
