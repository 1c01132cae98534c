import type { Failure, FailureCode } from "@acteon/core";

/** A failure with the retryability that its code has on the wire (`wire-api.md` §4). */
export function failure(code: FailureCode, message: string): Failure {
  return { code, message, retryable: code === "TIMEOUT" || code === "CONNECTION" || code === "RATE_LIMITED" };
}
