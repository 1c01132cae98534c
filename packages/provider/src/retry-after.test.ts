import fc from "fast-check";
import { expect, test } from "vitest";
import type { RetryAdvice } from "./provider.ts";
import { maxRetryAfterMs, retryAfter } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);

// RFC 9110 §10.2.3; guarantees §8 row 50
test.each<[string | string[] | undefined, RetryAdvice]>([
  ["0", { kind: "after", delayMs: 0 }],
  ["7", { kind: "after", delayMs: 7_000 }],
  [" 7 ", { kind: "after", delayMs: 7_000 }],
  ["60", { kind: "after", delayMs: maxRetryAfterMs }],
  ["315360000", { kind: "after", delayMs: maxRetryAfterMs }],
  ["9".repeat(400), { kind: "after", delayMs: maxRetryAfterMs }],
  ["Sat, 21 Nov 2026 12:00:05 GMT", { kind: "after", delayMs: 5_000 }],
  ["Saturday, 21-Nov-26 12:00:05 GMT", { kind: "after", delayMs: 5_000 }],
  ["Sat Nov 21 12:00:05 2026", { kind: "after", delayMs: 5_000 }],
  ["Sat, 21 Nov 2026 11:00:00 GMT", { kind: "after", delayMs: 0 }],
  ["Fri, 21 Nov 2036 12:00:00 GMT", { kind: "after", delayMs: maxRetryAfterMs }],
  ["banana", { kind: "backoff" }],
  ["", { kind: "backoff" }],
  ["-5", { kind: "backoff" }],
  ["1.5", { kind: "backoff" }],
  ["1e3", { kind: "backoff" }],
  ["2027", { kind: "after", delayMs: maxRetryAfterMs }],
  ["2026-11-21T12:00:05Z", { kind: "backoff" }],
  ["Sat, 41 Nov 2026 12:00:05 GMT", { kind: "backoff" }],
  [undefined, { kind: "backoff" }],
  [["5", "6"], { kind: "backoff" }],
])("%j is read as %j", (header, advice) => {
  expect(retryAfter(header, nowMs)).toEqual(advice);
});

test("whatever the header says, the wait is within its bounds", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat().map(String),
        fc.date().map((date) => date.toUTCString()),
      ),
      (header) => {
        const advice = retryAfter(header, nowMs);
        if (advice.kind === "after") {
          expect(advice.delayMs).toBeGreaterThanOrEqual(0);
          expect(advice.delayMs).toBeLessThanOrEqual(maxRetryAfterMs);
        }
      },
    ),
  );
});
