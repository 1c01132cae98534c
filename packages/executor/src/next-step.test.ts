import { createSeededRandom } from "@acteon/core/testing";
import { AddressNotAllowedError, failure, ProviderUnavailableError } from "@acteon/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endOfReturned, endOfThrown } from "./attempt-end.ts";
import type { AttemptEnd } from "./attempt-end.ts";
import { defaultExecutorPolicy } from "./executor-policy.ts";
import { nextStep } from "./next-step.ts";
import type { Situation } from "./next-step.ts";

const timeout = failure("TIMEOUT", "no answer in time");
const answered: AttemptEnd = { kind: "answered", response: { status: "failure", body: null, headers: {} } };
const refused: AttemptEnd = { kind: "rejected", failure: failure("EXECUTION_FAILED", "no"), retry: { kind: "never" } };
const busy: AttemptEnd = { kind: "rejected", failure: failure("RATE_LIMITED", "429"), retry: { kind: "backoff" } };
const unsent: AttemptEnd = { kind: "silent", failure: failure("CONNECTION", "refused"), sent: false };
const sent: AttemptEnd = { kind: "silent", failure: timeout, sent: true };
const crashed: AttemptEnd = { kind: "crashed", failure: failure("EXECUTION_FAILED", "bug"), error: undefined };

const none = { dedup: { kind: "none" }, onAmbiguous: "retry" } as const;
const hold = { dedup: { kind: "none" }, onAmbiguous: "hold" } as const;
const holdKeyed = { dedup: { kind: "key", windowMs: 10_000 }, onAmbiguous: "hold" } as const;

function situation(overrides: Partial<Situation> = {}): Situation {
  const random = createSeededRandom(1);
  const base = { provider: none, policy: defaultExecutorPolicy, attempts: 1, random };
  return { ...base, ambiguousSinceMs: undefined, nowMs: 1_000, deadlineMs: 100_000, ...overrides };
}

function outline(end: AttemptEnd, overrides: Partial<Situation>): string {
  const step = nextStep(end, situation(overrides));
  return step.kind === "dead" ? `${step.reason}${step.outcomeUnknown ? ", unknown" : ""}` : step.kind;
}

describe("what follows on an attempt (G4)", () => {
  const ambiguous = { ambiguousSinceMs: 500 };
  test.each<[string, AttemptEnd, Partial<Situation>, string]>([
    ["an answer ends it, whatever its status", answered, {}, "answered"],
    ["an answer ends it, whatever came before", answered, { ...ambiguous, attempts: 9, nowMs: 1e9 }, "answered"],
    ["a refusal is certain and permanent", refused, {}, "failed"],
    ["a refusal that may be retried is", busy, {}, "retry"],
    ["nothing sent is certain: also with hold", unsent, { provider: hold }, "retry"],
    ["sent without answer, by default", sent, ambiguous, "retry"],
    ["sent without answer, with hold", sent, { ...ambiguous, provider: hold }, "outcome_unknown, unknown"],
    ["sent, hold, but the service knows the key", sent, { ...ambiguous, provider: holdKeyed }, "retry"],
    [
      "sent, hold, past what the service remembers",
      sent,
      { ambiguousSinceMs: -9_500, provider: holdKeyed },
      "outcome_unknown, unknown",
    ],
    [
      "an old doubt makes a certain failure no safer to retry",
      busy,
      { ...ambiguous, provider: hold },
      "outcome_unknown, unknown",
    ],
    ["the last attempt failed", busy, { attempts: 4 }, "attempts_exhausted"],
    [
      "the last attempt failed, another may have had its effect",
      busy,
      { ...ambiguous, attempts: 4 },
      "attempts_exhausted, unknown",
    ],
    ["no retries at all", unsent, { policy: { ...defaultExecutorPolicy, maxRetries: 0 } }, "attempts_exhausted"],
    ["no time for another", unsent, { deadlineMs: 1_000 }, "deadline"],
    ["a bug of the provider leaves its effect in doubt", crashed, {}, "outcome_unknown, unknown"],
  ])("%s", (_title, end, overrides, expected) => {
    expect(outline(end, overrides)).toBe(expected);
  });

  test("a doubtful end is none that a caller may answer by sending again", () => {
    const step = nextStep(sent, situation({ provider: hold, ambiguousSinceMs: 500 }));
    expect(step).toMatchObject({ failure: { code: "OUTCOME_UNKNOWN", retryable: false } });
  });

  test("Retry-After is obeyed to the millisecond, up to a minute; where it leads past the deadline, nobody waits", () => {
    const after = (delayMs: number): AttemptEnd => ({ ...busy, kind: "rejected", retry: { kind: "after", delayMs } });
    expect(nextStep(after(7_000), situation())).toMatchObject({ kind: "retry", delayMs: 7_000 });
    expect(nextStep(after(0), situation())).toMatchObject({ kind: "retry", delayMs: 0 });
    expect(nextStep(after(1e12), situation())).toMatchObject({ kind: "retry", delayMs: 60_000 });
    expect(nextStep(after(7_000), situation({ deadlineMs: 8_000 }))).toMatchObject({ reason: "deadline" });
  });

  test("no retry is ordered past attempts, deadline or, with hold, the service's memory", () => {
    const cases = fc.record({
      end: fc.constantFrom(answered, refused, busy, unsent, sent, crashed),
      attempts: fc.integer({ min: 1, max: 8 }),
      nowMs: fc.nat(50_000),
      deadlineMs: fc.nat(60_000),
      ambiguousSinceMs: fc.option(fc.nat(50_000), { nil: undefined }),
      provider: fc.constantFrom(none, hold, holdKeyed),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(cases, ({ end, seed, ...rest }) => {
        const step = nextStep(end, situation({ ...rest, random: createSeededRandom(seed) }));
        if (step.kind !== "retry") return;
        expect(rest.attempts).toBeLessThanOrEqual(defaultExecutorPolicy.maxRetries);
        expect(rest.nowMs + step.delayMs).toBeLessThan(rest.deadlineMs);
        if (rest.ambiguousSinceMs !== undefined) {
          expect(rest.provider).not.toBe(hold);
          if (rest.provider === holdKeyed)
            expect(rest.nowMs + step.delayMs - rest.ambiguousSinceMs).toBeLessThan(10_000);
        }
      }),
    );
  });
});

describe("what a thrown error says of an attempt", () => {
  const unavailable = (reason: "timeout" | "connection" | "aborted", wasSent: boolean) =>
    new ProviderUnavailableError("https://example.com: ECONNRESET", { reason, sent: wasSent });

  test.each([
    [unavailable("connection", false), undefined, { kind: "silent", sent: false, failure: { code: "CONNECTION" } }],
    [unavailable("timeout", true), undefined, { kind: "silent", sent: true, failure: { code: "TIMEOUT" } }],
    [unavailable("aborted", false), "timeout", { kind: "silent", sent: false, failure: { code: "TIMEOUT" } }],
    [unavailable("aborted", true), "lost", { kind: "silent", sent: true, failure: { code: "CONNECTION" } }],
    [new Error("AbortError"), "timeout", { kind: "silent", sent: true, failure: { code: "TIMEOUT", retryable: true } }],
    [
      new AddressNotAllowedError("metadata"),
      undefined,
      { kind: "rejected", failure: { code: "ADDRESS_NOT_ALLOWED" }, retry: { kind: "never" } },
    ],
    [new TypeError("x"), undefined, { kind: "crashed", failure: { code: "EXECUTION_FAILED", retryable: false } }],
    ["text", undefined, { kind: "crashed", failure: { message: "the provider threw string" } }],
  ] as const)("%s, cut off for %s", (error, cut, expected) => {
    expect(endOfThrown(error, cut)).toMatchObject(expected);
  });

  test("the message of a stranger's error, which may hold a secret, goes no further", () => {
    expect(endOfThrown(new Error("token s3cret"), undefined)).toMatchObject({
      failure: { message: "the provider threw Error" },
    });
  });

  test("a provider that returns nothing is broken", () => {
    expect(endOfReturned(undefined)).toMatchObject({ kind: "crashed" });
  });
});
