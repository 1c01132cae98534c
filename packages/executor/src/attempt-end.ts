import type { Failure, ProviderResponse } from "@acteon/core";
import { AddressNotAllowedError, failure, ProviderUnavailableError } from "@acteon/provider";
import type { ProviderResult, RetryAdvice } from "@acteon/provider";

/** How one attempt ended. */
export type AttemptEnd =
  | { readonly kind: "answered"; readonly response: ProviderResponse }
  | { readonly kind: "rejected"; readonly failure: Failure; readonly retry: RetryAdvice }
  /**
   * No answer. `sent`: it may have had its effect, which makes the outcome ambiguous (guarantees G4). `detail`: for
   * operators, where there is more to say than to a caller.
   */
  | { readonly kind: "silent"; readonly failure: Failure; readonly sent: boolean; readonly detail?: string }
  /** The provider broke, by `error`; whether before or after the request left, nobody knows. */
  | { readonly kind: "crashed"; readonly failure: Failure; readonly error: unknown };

/** A provider written without types may have returned anything. */
export function endOfReturned(result: ProviderResult | undefined): AttemptEnd {
  if (result?.kind === "answered" || result?.kind === "rejected") return result;
  const message = "the provider returned no result";
  return { kind: "crashed", failure: failure("EXECUTION_FAILED", message), error: new TypeError(message) };
}

/** @param cut What the executor itself ended the attempt for, if it did. */
export function endOfThrown(error: unknown, cut: "timeout" | "lost" | undefined): AttemptEnd {
  if (error instanceof ProviderUnavailableError) {
    const timedOut = cut === "timeout" || error.reason === "timeout";
    // To the provider a time-out of ours is a call that was aborted; to the caller it is a time-out like any other.
    const why = timedOut ? noAnswer : failure("CONNECTION", error.publicMessage);
    return { kind: "silent", failure: why, sent: error.sent, detail: error.message };
  }
  if (error instanceof AddressNotAllowedError) {
    return { kind: "rejected", failure: failure("ADDRESS_NOT_ALLOWED", error.publicMessage), retry: { kind: "never" } };
  }
  if (cut !== undefined) return cutOffEnd;
  // The message of a stranger's error may hold anything, a secret included; its name is code.
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: "crashed", failure: failure("EXECUTION_FAILED", `the provider threw ${name}`), error };
}

const noAnswer: Failure = failure("TIMEOUT", "no answer in time");

/** Cut off by the executor, and the provider did not say whether its request had left. */
export const cutOffEnd: AttemptEnd = { kind: "silent", failure: noAnswer, sent: true };

/** What health shows of it; `undefined`: it went well. */
export function errorText(end: AttemptEnd): string | undefined {
  if (end.kind === "silent" && end.detail !== undefined) return `${end.failure.code}: ${end.detail}`;
  if (end.kind !== "answered") return `${end.failure.code}: ${end.failure.message}`;
  return end.response.status === "failure" ? "answered with status failure" : undefined;
}
