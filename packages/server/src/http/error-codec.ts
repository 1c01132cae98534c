import type { ErrorCode } from "@acteon/core";
import { ActeonError, InternalError, ValidationError } from "@acteon/core";
import { RuleLoadError } from "@acteon/rules";
import { RequestError } from "./request-error.ts";

/** The HTTP status of every code (`guarantees.md` §8, `wire-api.md` §5.1). */
const statuses: Readonly<Record<ErrorCode, number>> = {
  malformed_json: 400,
  invalid_encoding: 400,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  body_too_large: 413,
  too_deep: 400,
  too_complex: 400,
  forbidden_key: 400,
  duplicate_key: 400,
  number_out_of_range: 400,
  ill_formed_text: 400,
  invalid_id: 400,
  invalid_tenant: 400,
  invalid_namespace: 400,
  id_too_long: 400,
  invalid_type: 422,
  missing_field: 422,
  invalid_instant: 422,
  out_of_range: 422,
  invalid_action: 422,
  batch_too_large: 400,
  invalid_path: 400,
  bad_request: 400,
  bad_request_target: 400,
  bad_query: 400,
  headers_too_large: 431,
  expectation_failed: 417,
  digest_mismatch: 422,
  in_progress: 409,
  not_found: 404,
  method_not_allowed: 405,
  not_implemented: 501,
  unauthenticated: 401,
  credentials_in_url: 401,
  forbidden: 403,
  rate_limited: 429,
  overloaded: 429,
  draining: 503,
  deadline_exceeded: 504,
  lock_timeout: 503,
  stale_token: 503,
  state_unavailable: 503,
  audit_unavailable: 503,
  rule_error: 500,
  provider_not_found: 500,
  rules_rejected: 422,
  invalid_configuration: 500,
  url_not_allowed: 422,
  address_not_allowed: 422,
  header_injection: 422,
  reserved_header: 422,
  provider_unavailable: 502,
  reply_too_large: 502,
  invalid_cursor: 400,
  data_too_new: 500,
  data_damaged: 500,
  already_committed: 409,
  timeout: 408,
  internal: 500,
};

/** What a client is told of an error: everything but what is for operators. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly string[];
  readonly close: boolean;
}

/** The envelope of `wire-api.md` §1.2. A fault of ours shows nothing but its code and the id by which the log names it. */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const known = asActeonError(error);
  const refused = known instanceof RequestError ? known : undefined;
  const retryAfter = retrySeconds(known);
  return {
    status: statuses[known.code],
    body: JSON.stringify(envelope(known, requestId, retryAfter)),
    headers: [...(refused?.headers ?? []), ...(retryAfter === undefined ? [] : ["retry-after", String(retryAfter)])],
    close: refused?.close ?? false,
  };
}

/** An element of a batch that has no outcome: `error` is its only key (`wire-api.md` §4.2). */
export function errorElementText(error: unknown): string {
  const known = asActeonError(error);
  const retryAfter = retrySeconds(known);
  return JSON.stringify({
    error: {
      code: known.code,
      message: known.publicMessage,
      retryable: known.retryable,
      ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
      ...problemsOf(known),
    },
  });
}

/** Is this a fault of ours, for the log, rather than an answer to the client? */
export function isFault(error: unknown): boolean {
  const { code } = asActeonError(error);
  return code === "internal" || code === "data_damaged" || code === "data_too_new" || code === "invalid_configuration";
}

export function asActeonError(error: unknown): ActeonError {
  return error instanceof ActeonError ? error : new InternalError("an unexpected error", { cause: error });
}

function envelope(error: ActeonError, requestId: string, retryAfter: number | undefined): object {
  return {
    error: error.publicMessage,
    code: error.code,
    message: error.publicMessage,
    retryable: error.retryable,
    request_id: requestId,
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...problemsOf(error),
  };
}

function problemsOf(error: ActeonError): object {
  if (error instanceof ValidationError) {
    const problems = error.problems.map(({ pointer, code, message }) => ({ pointer, code, message }));
    const [only] = problems;
    return problems.length === 1 && only !== undefined ? { pointer: only.pointer } : { problems };
  }
  // The findings in rule files, whole: what the terminal frames, an editor underlines (`ux.md` §5).
  if (error instanceof RuleLoadError) return { diagnostics: error.diagnostics };
  return {};
}

/** Whole seconds, as `Retry-After` has them; at least one, so that nobody comes back at once. */
function retrySeconds({ retryAfterMs }: ActeonError): number | undefined {
  return retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1_000));
}
