import type { Diagnostic } from "./diagnostic.ts";
import { ActeonError } from "./error.ts";
import type { ActeonErrorOptions } from "./error.ts";
import type { RuleRef } from "./outcome.ts";

/** The state backend did not answer. The operation may or may not have taken effect (guarantees L9). */
export class StateUnavailableError extends ActeonError {
  override readonly name = "StateUnavailableError";
  readonly code = "state_unavailable";
  readonly publicMessage = "state backend unavailable";
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;
}

/** The audit trail did not answer: of the records handed to it none, some or all are stored. */
export class AuditUnavailableError extends ActeonError {
  override readonly name = "AuditUnavailableError";
  readonly code = "audit_unavailable";
  readonly publicMessage = "audit trail unavailable";
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;
}

/** The lock of an identity was not free within the wait (guarantees §8 row 70). */
export class LockTimeoutError extends ActeonError {
  override readonly name = "LockTimeoutError";
  readonly code = "lock_timeout";
  readonly publicMessage: string;
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;

  /** @param waitMs How long was waited. */
  constructor(waitMs: number, options?: ErrorOptions) {
    const message = `an action with the same identity was still running after ${waitMs} ms`;
    super(message, options);
    this.publicMessage = message;
  }
}

/** Somebody with a larger fencing token took over; this holder's late write changed nothing (guarantees L3). */
export class StaleTokenError extends ActeonError {
  override readonly name = "StaleTokenError";
  readonly code = "stale_token";
  readonly publicMessage = "another gateway took this action over; its outcome is not known here";
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;

  constructor(options?: ErrorOptions) {
    super("a holder with a larger fencing token took over", options);
  }
}

/** Shutting down: nothing new is taken (guarantees O7). */
export class DrainingError extends ActeonError {
  override readonly name = "DrainingError";
  readonly code = "draining";
  readonly publicMessage = "shutting down";
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;

  constructor(options?: ErrorOptions) {
    super("shutting down: nothing new is taken", options);
  }
}

/** The gateway as a whole has more work than it can do in time (guarantees O2). */
export class OverloadedError extends ActeonError {
  override readonly name = "OverloadedError";
  readonly code = "overloaded";
  readonly publicMessage = "overloaded";
  override readonly retryable = true;
  override readonly retryAfterMs: number;

  /** @param message For the operator: which bound was met. */
  constructor(message: string, { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs: number }) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** This caller or tenant has used up its own limit (guarantees O2). */
export class RateLimitedError extends ActeonError {
  override readonly name = "RateLimitedError";
  readonly code = "rate_limited";
  readonly publicMessage = "rate limit exceeded";
  override readonly retryable = true;
  override readonly retryAfterMs: number;

  /** @param message For the operator: whose limit, and which. */
  constructor(message: string, { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs: number }) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A condition of a rule was an error. Nothing was executed (guarantees §8 row 60). */
export class RuleError extends ActeonError {
  override readonly name = "RuleError";
  readonly code = "rule_error";
  readonly publicMessage: string;
  readonly rule: RuleRef;

  /** @param message What went wrong, such as `division by zero`; without values of the payload. */
  constructor(rule: RuleRef, message: string, options?: ErrorOptions) {
    const text = `rule error: ${rule.name} (${rule.file}:${rule.line}): ${message}`;
    super(text, options);
    this.rule = rule;
    this.publicMessage = text;
  }
}

/** A rule sends the action to a provider that is not configured. (An unknown provider of the action itself is an outcome.) */
export class ProviderNotFoundError extends ActeonError {
  override readonly name = "ProviderNotFoundError";
  readonly code = "provider_not_found";
  readonly publicMessage: string;
  readonly provider: string;

  constructor(provider: string, options?: ErrorOptions) {
    const message = `provider not found: ${provider}`;
    super(message, options);
    this.provider = provider;
    this.publicMessage = message;
  }
}

/** The configuration cannot be used: every problem, none of them with a value of a secret (guarantees §8 row 65). */
export class ConfigurationError extends ActeonError {
  override readonly name = "ConfigurationError";
  readonly code = "invalid_configuration";
  readonly publicMessage = "invalid configuration";
  /** Empty where the fault is in no file. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    found: string,
    { diagnostics = [], ...options }: ActeonErrorOptions & { readonly diagnostics?: readonly Diagnostic[] } = {},
  ) {
    super(found, options);
    this.diagnostics = diagnostics;
  }
}

/** The data were written by a newer version of Acteon, whose format this one does not know. Nothing was changed (guarantees §8 row 67). */
export class DataTooNewError extends ActeonError {
  override readonly name = "DataTooNewError";
  readonly code = "data_too_new";
  readonly publicMessage = "stored data is of a newer format";
  readonly foundFormat: number;
  readonly knownFormat: number;

  /** @param what A path, or the name of a schema. */
  constructor(what: string, { foundFormat, knownFormat }: Readonly<Record<"foundFormat" | "knownFormat", number>>) {
    super(`${what} has format ${foundFormat}; this version of Acteon knows formats up to ${knownFormat}`);
    this.foundFormat = foundFormat;
    this.knownFormat = knownFormat;
  }
}

/** Stored data is not what was written. Nothing of it was deleted (guarantees §8 row 67). */
export class DataDamagedError extends ActeonError {
  override readonly name = "DataDamagedError";
  readonly code = "data_damaged";
  readonly publicMessage = "stored data is damaged";
}

/** A fault of ours. */
export class InternalError extends ActeonError {
  override readonly name = "InternalError";
  readonly code = "internal";
  readonly publicMessage = "internal error";
}
