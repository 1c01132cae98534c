export type { AuditRecord, AuditStore } from "@acteon/audit";
export {
  ActeonError,
  formatDuration,
  outcomeCategory,
  parseDuration,
  systemClock,
  systemRandom,
  unreachable,
} from "@acteon/core";
export {
  AuditUnavailableError,
  ConfigurationError,
  DeadlineExceededError,
  DigestMismatchError,
  DrainingError,
  InProgressError,
  InternalError,
  LockTimeoutError,
  NotFoundError,
  OverloadedError,
  ProviderNotFoundError,
  RateLimitedError,
  RuleError,
  StateUnavailableError,
  ValidationError,
} from "@acteon/core";
export type {
  Action,
  ActionInput,
  ActionOutcome,
  Clock,
  Diagnostic,
  ErrorCode,
  Failure,
  FailureCode,
  JsonValue,
  OutcomeCategory,
  OutcomeKind,
  ProviderResponse,
  Random,
  RuleRef,
} from "@acteon/core";
export { renderDiagnostic } from "@acteon/core";
export type { ExecutorPolicy } from "@acteon/executor";
export { Acteon, GatewayBuilder } from "@acteon/gateway";
export type {
  DeadLetter,
  DeadLetters,
  DispatchOptions,
  DispatchResult,
  Gateway,
  GatewayHealth,
  GatewayMetrics,
  GatewaySettings,
  HandlerVerdict,
  RuleSource,
  VerdictHandler,
} from "@acteon/gateway";
export { defineProvider, failure, openHttp, ProviderUnavailableError, retryAfter } from "@acteon/provider";
export type {
  Attempt,
  Http,
  HttpReply,
  Provider,
  ProviderBehaviour,
  ProviderDefinition,
  ProviderPorts,
  ProviderResult,
  ProviderType,
  RetryAdvice,
} from "@acteon/provider";
export { RuleEngine, RuleLoadError } from "@acteon/rules";
export type { NativeRule, NativeVerdict, Rule, RuleFrontEnd } from "@acteon/rules";
export {
  all,
  any,
  circuitOpen,
  counter,
  dedupKey,
  defineRule,
  duration,
  failureRate,
  field,
  latencyP99,
  rule,
  seen,
  stateEntry,
  text,
  timeSince,
} from "@acteon/rules-native";
export type { ProviderHealth, RuleContext, RuleContextEnvironment, RuleDefinition } from "@acteon/rules-native";
export { celFrontEnd } from "@acteon/rules-cel";
export { droolsFrontEnd } from "@acteon/rules-drools";
export { regoFrontEnd } from "@acteon/rules-rego";
export { yamlFrontEnd } from "@acteon/rules-yaml";
export type { StateStore } from "@acteon/state";
export { openMemoryState } from "@acteon/state-memory";
export { createGateway } from "./library/create-gateway.ts";
export type { CreateGatewayOptions, ProviderInput } from "./library/create-gateway.ts";
export { openRules } from "./library/open-rules.ts";
export type { OpenRulesOptions, RuleInput } from "./library/open-rules.ts";
