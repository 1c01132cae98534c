import type { BackoffPolicy } from "./executor-policy.ts";

/**
 * Full-jitter exponential backoff: whole milliseconds, drawn uniformly from [0, min(capMs, baseMs · 2^attempt)).
 *
 * @param attempt 0 before the first retry; an integer ≥ 0.
 * @param random Draws from [0, 1). Injected, so that a test knows every delay.
 * @throws {RangeError} `attempt` is negative or fractional: a bug in the caller, never a matter of data.
 * @see Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(attempt: number, { baseMs, capMs }: BackoffPolicy, random: () => number): number {
  if (!Number.isInteger(attempt) || attempt < 0) throw new RangeError(`attempt ${attempt}`);
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** attempt));
}
