export { actionFields } from "./action.ts";
export type { Action, ActionInput, Attachment } from "./action.ts";
export { actionDigest, canonicalBytes } from "./action-digest.ts";
export { lockKey } from "./action-key.ts";
export type { ActionKey } from "./action-key.ts";
export { parseAction, restoreAction } from "./action-parser.ts";
export type { ParsedAction } from "./action-parser.ts";
export { serialiseAction, stringifyAction } from "./action-serialiser.ts";
export type { Brand } from "./brand.ts";
export { canonicalJson } from "./canonical-json.ts";
export type { Clock, Random } from "./clock.ts";
export { collectGarbage } from "./collect-garbage.ts";
export { createAction } from "./create-action.ts";
export type { Diagnostic, Position, Span } from "./diagnostic.ts";
export { digest } from "./digest.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export type { ParsedDuration } from "./duration.ts";
export { ActeonError, errorCodes } from "./error.ts";
export type { ActeonErrorOptions, ErrorCode } from "./error.ts";
export { findingCodes } from "./finding-codes.ts";
export type { FindingCode } from "./finding-codes.ts";
export { idempotencyKeyOf } from "./idempotency-key.ts";
export {
  idFault,
  maxIdBytes,
  maxScopeBytes,
  nameFault,
  namespaceFault,
  parseActionId,
  parseNamespace,
  parseTenant,
  tenantFault,
} from "./ids.ts";
export type { ActionId, Fault, Namespace, ParsedId, TenantId } from "./ids.ts";
export { formatInstant, isInstant, parseInstant } from "./instant.ts";
export { createLineIndex, spanAt } from "./line-index.ts";
export type { LineIndex } from "./line-index.ts";
export { pointerTo } from "./json-pointer.ts";
export type { JsonObject, JsonValue, RawJson } from "./json.ts";
export { decodeComponent, encodeComponent } from "./key-component.ts";
export { outcomeCategory, unreachable } from "./outcome.ts";
export type {
  ActionOutcome,
  Failure,
  FailureCode,
  OutcomeCategory,
  OutcomeKind,
  ProviderResponse,
  RuleRef,
} from "./outcome.ts";
export type { JsonLimits } from "./json-inspector.ts";
export { defaultJsonLimits, parseJson, parseJsonText } from "./parse-json.ts";
export type { ParsedJson } from "./parse-json.ts";
export { renderDiagnostic } from "./render-diagnostic.ts";
export { isJsonArray, isJsonObject, isRawJson } from "./raw-json.ts";
export {
  DeadlineExceededError,
  DigestMismatchError,
  InProgressError,
  NotFoundError,
  ValidationError,
  hasProblems,
} from "./request-errors.ts";
export type { Problem, Problems } from "./request-errors.ts";
export { Secret } from "./secret.ts";
export {
  AuditUnavailableError,
  ConfigurationError,
  DataDamagedError,
  DataTooNewError,
  DrainingError,
  InternalError,
  LockTimeoutError,
  OverloadedError,
  ProviderNotFoundError,
  RateLimitedError,
  RuleError,
  StaleTokenError,
  StateUnavailableError,
} from "./service-errors.ts";
export { suggest } from "./suggest.ts";
export { systemClock } from "./system-clock.ts";
export { systemRandom } from "./system-random.ts";
export { whyUnreadable } from "./why-unreadable.ts";
