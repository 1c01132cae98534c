import type { RetryAdvice } from "./provider.ts";

/** The longest that a service is waited for on its own word; who asks for more is asked again after this. */
export const maxRetryAfterMs = 60_000;

/**
 * What a `Retry-After` header asks for: whole seconds or an HTTP date. Without a header that can be read: `backoff`.
 *
 * @param nowMs Unix epoch, ms: what a date is compared with.
 * @see RFC 9110 §10.2.3; §5.6.7 for the three forms of a date.
 */
export function retryAfter(header: string | readonly string[] | undefined, nowMs: number): RetryAdvice {
  if (typeof header !== "string") return { kind: "backoff" };
  const text = header.trim();
  if (/^\d+$/.test(text)) return after(Number(text) * 1_000);
  if (!httpDate.test(text)) return { kind: "backoff" };
  // Of the three forms only that of asctime names no zone; all are in GMT.
  const dueAtMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(dueAtMs) ? { kind: "backoff" } : after(dueAtMs - nowMs);
}

function after(delayMs: number): RetryAdvice {
  return { kind: "after", delayMs: Math.min(Math.max(delayMs, 0), maxRetryAfterMs) };
}

/** IMF-fixdate, the form of RFC 850, asctime: `Date.parse` takes much else, such as a bare year. */
const httpDate =
  /^([A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;
