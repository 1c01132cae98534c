/** Stable codes of every error; `docs/reference/errors.md` tells what each means and what to do. */
export const errorCodes = [
  "malformed_json",
  "invalid_encoding",
  "unsupported_media_type",
  "unsupported_encoding",
  "body_too_large",
  "too_deep",
  "too_complex",
  "forbidden_key",
  "duplicate_key",
  "number_out_of_range",
  "ill_formed_text",
  "invalid_id",
  "invalid_tenant",
  "invalid_namespace",
  "id_too_long",
  "invalid_type",
  "missing_field",
  "invalid_instant",
  "out_of_range",
  "invalid_action",
  "batch_too_large",
  "invalid_path",
  "bad_request",
  "bad_request_target",
  "bad_query",
  "headers_too_large",
  "expectation_failed",
  "digest_mismatch",
  "in_progress",
  "not_found",
  "method_not_allowed",
  "not_implemented",
  "unauthenticated",
  "credentials_in_url",
  "forbidden",
  "rate_limited",
  "overloaded",
  "draining",
  "deadline_exceeded",
  "lock_timeout",
  "stale_token",
  "state_unavailable",
  "audit_unavailable",
  "rule_error",
  "provider_not_found",
  "rules_rejected",
  "invalid_configuration",
  "url_not_allowed",
  "address_not_allowed",
  "header_injection",
  "reserved_header",
  "provider_unavailable",
  "reply_too_large",
  "invalid_cursor",
  "data_too_new",
  "data_damaged",
  "already_committed",
  "timeout",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ActeonErrorOptions extends ErrorOptions {
  /** What an operator can do about it, where that is known. */
  readonly help?: string | undefined;
}

/**
 * Base of every error thrown here. Callers branch on `code`, which is stable. `message` and `cause` are for operators and
 * may name hosts; `publicMessage` is all that a client is shown.
 */
export abstract class ActeonError extends Error {
  abstract readonly code: ErrorCode;
  abstract readonly publicMessage: string;
  /** The two parts of `message`, for who shows them apart. */
  readonly found: string;
  readonly help: string | undefined;
  /** May the same request be sent again, unchanged, with hope? */
  readonly retryable: boolean = false;
  /** How long to wait before that, where it is known. */
  readonly retryAfterMs: number | undefined = undefined;

  constructor(found: string, { help, ...options }: ActeonErrorOptions = {}) {
    super(help === undefined ? found : `${found}: ${help}`, options);
    this.found = found;
    this.help = help;
  }
}
