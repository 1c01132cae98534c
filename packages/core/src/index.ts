export type { Action, ActionInput, Attachment } from "./action.ts";
export { lockKey } from "./action-key.ts";
export type { ActionKey } from "./action-key.ts";
export { parseAction, restoreAction } from "./action-parser.ts";
export type { ParsedAction } from "./action-parser.ts";
export type { Brand } from "./brand.ts";
export type { Clock, Random } from "./clock.ts";
export { createAction } from "./create-action.ts";
export type { Diagnostic, Position, Span } from "./diagnostic.ts";
export { ActeonError, errorCodes } from "./error.ts";
export type { ErrorCode } from "./error.ts";
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
export { parseInstant } from "./instant.ts";
export { pointerTo } from "./json-pointer.ts";
export type { JsonObject, JsonValue, RawJson } from "./json.ts";
export { decodeComponent, encodeComponent } from "./key-component.ts";
export { unreachable } from "./outcome.ts";
export type { ActionOutcome, Failure, FailureCode, OutcomeKind, ProviderResponse, RuleRef } from "./outcome.ts";
export { isJsonArray, isJsonObject, isRawJson } from "./raw-json.ts";
export {
  DeadlineExceededError,
  DigestMismatchError,
  InProgressError,
  NotFoundError,
  ValidationError,
} from "./request-errors.ts";
export type { Problem } from "./request-errors.ts";
export {
  AuditUnavailableError,
  ConfigurationError,
  DataDamagedError,
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
export { systemClock, systemRandom } from "./system-clock.ts";
