import { ActeonError } from "./error.ts";
import type { ErrorCode } from "./error.ts";
import { formatInstant } from "./instant.ts";

/** One thing wrong with an input. */
export interface Problem {
  /** JSON pointer (RFC 6901) of the value to blame: `""` is the whole input. */
  readonly pointer: string;
  readonly code: ErrorCode;
  /** For the caller: what was found and what was expected; never the value of a payload. */
  readonly message: string;
}

/** What a refusal holds: at least one. */
export type Problems = readonly [Problem, ...Problem[]];

export function hasProblems(problems: readonly Problem[]): problems is Problems {
  return problems.length > 0;
}

/** No caller reads more, and a hostile text must not make a large reply. */
export const maxProblems = 50;

/**
 * The input was refused before anything was done (guarantees G6). All that is wrong with it, not only the first; of very
 * many the first `maxProblems`.
 */
export class ValidationError extends ActeonError {
  override readonly name = "ValidationError";
  readonly problems: Problems;
  readonly code: ErrorCode;
  readonly publicMessage: string;

  /** @param problems The first gives the error its code. */
  constructor([first, ...others]: Problems, options?: ErrorOptions) {
    const problems: Problems = [first, ...others.slice(0, maxProblems - 1)];
    const more = others.length + 1 - problems.length;
    const message = problems.map(problemText).join("; ");
    const whole = more === 0 ? message : `${message}; and ${more} more`;
    super(whole, options);
    this.problems = problems;
    this.code = first.code;
    this.publicMessage = whole;
  }
}

function problemText({ pointer, message }: Problem): string {
  return pointer === "" ? message : `${pointer}: ${message}`;
}

/** An `Idempotency-Key` came again with another request (guarantees §8 row 19). */
export class DigestMismatchError extends ActeonError {
  override readonly name = "DigestMismatchError";
  readonly code = "digest_mismatch";
  readonly publicMessage: string;
  /** When the key was first seen, epoch ms. */
  readonly firstSeenAtMs: number;

  constructor(firstSeenAtMs: number, options?: ErrorOptions) {
    const message = `this idempotency key was first used for another request at ${formatInstant(firstSeenAtMs)}`;
    super(message, options);
    this.firstSeenAtMs = firstSeenAtMs;
    this.publicMessage = message;
  }
}

/** The first request with this `Idempotency-Key` has not ended yet (guarantees §8 row 20). */
export class InProgressError extends ActeonError {
  override readonly name = "InProgressError";
  readonly code = "in_progress";
  readonly publicMessage = "the first request with this idempotency key is still running";
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;

  constructor(options?: ErrorOptions) {
    super("the first request with this idempotency key is still running", options);
  }
}

/** There is no such thing, or the caller may not know that there is. */
export class NotFoundError extends ActeonError {
  override readonly name = "NotFoundError";
  readonly code = "not_found";
  readonly publicMessage: string;

  /** @param message For the caller: what was not found, such as `rule not found: page-db`. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.publicMessage = message;
  }
}

/** The time that the caller gave has passed, and nothing was claimed: no work was done (guarantees O3). */
export class DeadlineExceededError extends ActeonError {
  override readonly name = "DeadlineExceededError";
  readonly code = "deadline_exceeded";
  readonly publicMessage = "the deadline passed before any work began";
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super("the deadline passed before any work began", options);
  }
}
