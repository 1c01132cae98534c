import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { failure, ProviderUnavailableError } from "@acteon/provider";
import type { Attempt, ProviderResult } from "@acteon/provider";
import { beforeEach, describe, expect, test } from "vitest";
import { busy, call, provider, success } from "../test/example-call.ts";
import { createExecutor } from "./create-executor.ts";
import type { ExecutionResult, Executor } from "./executor-api.ts";
import type { ExecutorPolicy } from "./executor-policy.ts";

const later: ProviderResult = {
  kind: "rejected",
  failure: failure("RATE_LIMITED", "429"),
  retry: { kind: "after", delayMs: 5_000 },
};
const refusal: ProviderResult = { kind: "rejected", failure: failure("NOT_FOUND", "no"), retry: { kind: "never" } };

let clock: FakeClock;
let executor: Executor;
let crashes: unknown[];

beforeEach(() => use({}));

function use(policy: Partial<ExecutorPolicy>): void {
  clock = createFakeClock(1_000_000);
  crashes = [];
  const onCrash = (provider: string, error: unknown) => crashes.push([provider, error]);
  executor = createExecutor({ clock, random: createSeededRandom(7), policy, onCrash });
}

const silence = () => new Promise<never>(() => {});
const listening =
  (sent: boolean) =>
  ({ signal }: Attempt) =>
    new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new ProviderUnavailableError("mail: aborted", { reason: "aborted", sent }));
      signal.addEventListener("abort", stop);
    });
const unavailable = (sent: boolean) => async () => {
  throw new ProviderUnavailableError("mail: ECONNRESET", { reason: "connection", sent });
};

/** The result, once the clock has moved as far as it takes. */
async function settled(result: ExecutionResult | Promise<ExecutionResult>): Promise<ExecutionResult> {
  let done = false;
  const finished = Promise.resolve(result).finally(() => (done = true));
  for (let i = 0; i < 10_000 && !done; i++) await clock.advanceAsync(clock.nextDueMs() ?? 0);
  return finished;
}

function codes({ attempts }: ExecutionResult): readonly string[] {
  return attempts.map(({ result }) => result);
}

describe("a provider that answers at once", () => {
  test("costs no promise, no timer and no signal", () => {
    const result = executor.execute(call(provider([() => success])));
    expect(result).toEqual({
      kind: "answered",
      response: { status: "success", body: "ok", headers: {} },
      attempts: [{ number: 1, provider: "mail", startedAtMs: 1_000_000, durationMs: 0, result: "answered" }],
      durationMs: 0,
    });
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("fails at once when it refuses for good", () => {
    const result = executor.execute(call(provider([() => refusal])));
    expect(result).toMatchObject({
      kind: "failed",
      failure: { code: "NOT_FOUND" },
      attempts: [{ result: "NOT_FOUND" }],
    });
  });

  test("is called again when it asks for it", async () => {
    const mail = provider([() => busy, () => success]);
    const result = await settled(executor.execute(call(mail)));
    expect(result.kind).toBe("answered");
    expect(codes(result)).toEqual(["RATE_LIMITED", "answered"]);
  });

  test("its own exception is a doubtful end, told to the operator, and never thrown on", () => {
    const bug = new TypeError("x is undefined");
    const mail = provider([
      () => {
        throw bug;
      },
    ]);
    expect(executor.execute(call(mail))).toMatchObject({
      kind: "dead",
      reason: "outcome_unknown",
      outcomeUnknown: true,
      failure: { code: "EXECUTION_FAILED" },
    });
    expect(crashes).toEqual([["mail", bug]]);
  });
});

describe("attempts (O4, `wire-api.md` §5.5)", () => {
  test("there are four by default, with full jitter between them, and one idempotency key (G3)", async () => {
    const mail = provider([unavailable(false)]);
    const result = await settled(executor.execute(call(mail)));
    expect(result).toMatchObject({ kind: "dead", reason: "attempts_exhausted", outcomeUnknown: false });
    expect(codes(result)).toEqual(Array(4).fill("CONNECTION"));
    expect(result.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(mail.calls.map(({ number, idempotencyKey }) => [number, idempotencyKey])).toEqual(
      [1, 2, 3, 4].map((number) => [number, "KEY"]),
    );
    const starts = result.attempts.map(({ startedAtMs }) => startedAtMs);
    starts.slice(1).forEach((startedAtMs, i) => expect(startedAtMs - starts[i]!).toBeLessThan(100 * 2 ** i));
    expect(result.durationMs).toBeGreaterThan(0);
  });

  test("those of earlier holders count", async () => {
    const mail = provider([unavailable(false)]);
    const result = await settled(executor.execute(call(mail, { attemptsBefore: 2 })));
    expect(result.attempts.map(({ number }) => number)).toEqual([3, 4]);
    expect(result).toMatchObject({ kind: "dead", reason: "attempts_exhausted" });
  });

  test("the record is written before each but the first; no is no, and so is a store that does not answer", async () => {
    const asked: number[] = [];
    const mail = provider([() => busy, () => success]);
    const beforeRetry = async (attempt: number) => asked.push(attempt) > 0;
    await settled(executor.execute(call(mail, { beforeRetry, attemptsBefore: 1 })));
    expect(asked).toEqual([3]);
    for (const refuse of [async () => false, () => Promise.reject(new Error("store away"))]) {
      const once = provider([() => busy]);
      const result = await settled(executor.execute(call(once, { beforeRetry: refuse })));
      expect(result.kind).toBe("lost");
      expect(once.calls).toHaveLength(1);
    }
  });

  test("Retry-After is waited for", async () => {
    const result = await settled(executor.execute(call(provider([() => later, () => success]))));
    expect(result.attempts.map(({ startedAtMs }) => startedAtMs - 1_000_000)).toEqual([0, 5_000]);
  });

  test("one that gives no answer is cut off, and the next is made", async () => {
    use({ attemptTimeoutMs: 1_000 });
    const mail = provider([listening(true), () => success]);
    const result = await settled(executor.execute(call(mail)));
    expect(result.kind).toBe("answered");
    expect(codes(result)).toEqual(["TIMEOUT", "answered"]);
    expect(result.attempts[0]?.durationMs).toBe(1_000);
    expect(mail.calls[0]?.signal.aborted).toBe(true);
  });

  test("of one that was cut off the caller hears a time-out, not that the call was aborted", async () => {
    use({ attemptTimeoutMs: 1_000, maxRetries: 0 });
    const result = await settled(executor.execute(call(provider([listening(true)]))));
    expect(result).toMatchObject({ kind: "dead", failure: { code: "TIMEOUT", message: "no answer in time" } });
  });

  test("a provider that does not listen to its signal is left behind, and its late answer is nobody's", async () => {
    use({ attemptTimeoutMs: 1_000, maxRetries: 0 });
    let answer: (result: ProviderResult) => void = () => {};
    const mail = provider([() => new Promise((resolve) => (answer = resolve))]);
    const result = await settled(executor.execute(call(mail)));
    expect(result).toMatchObject({ kind: "dead", failure: { code: "TIMEOUT" }, outcomeUnknown: true });
    answer(success);
    await clock.advanceAsync(1_000);
    expect(executor.health.snapshot("mail")).toMatchObject({ requests: 1, successes: 0 });
  });

  test("no attempt begins after the deadline, nor outlives the total time", async () => {
    const mail = provider([unavailable(false)]);
    const late = await settled(executor.execute(call(mail, { deadlineMs: clock.monotonicMs() })));
    expect(late).toMatchObject({ kind: "dead", reason: "deadline", attempts: [], outcomeUnknown: false });
    expect(mail.calls).toHaveLength(0);

    use({ totalTimeoutMs: 2_500, attemptTimeoutMs: 1_000, maxRetries: 9, backoff: { baseMs: 1, capMs: 1 } });
    const result = await settled(executor.execute(call(provider([silence]))));
    expect(result).toMatchObject({ kind: "dead", reason: "deadline" });
    expect(result.attempts.map(({ durationMs }) => durationMs)).toEqual([1_000, 1_000, 500]);
  });
});

describe("the ambiguous window (G4)", () => {
  test("sent without answer: hold leaves it to a person, nothing sent does not", async () => {
    use({ attemptTimeoutMs: 1_000 });
    const sent = provider([listening(true), () => success], { onAmbiguous: "hold" });
    expect(await settled(executor.execute(call(sent)))).toMatchObject({ kind: "dead", reason: "outcome_unknown" });
    expect(sent.calls).toHaveLength(1);
    const unsent = provider([listening(false), () => success], { onAmbiguous: "hold" });
    expect(await settled(executor.execute(call(unsent)))).toMatchObject({ kind: "answered" });
  });

  test("a provider that may ignore its signal is thought to have sent", async () => {
    use({ attemptTimeoutMs: 1_000 });
    const mail = provider([silence], { onAmbiguous: "hold" });
    expect(await settled(executor.execute(call(mail)))).toMatchObject({ kind: "dead", reason: "outcome_unknown" });
  });

  test("with hold, a service that knows the key is asked again until it may have forgotten it", async () => {
    use({ attemptTimeoutMs: 1_000, backoff: { baseMs: 1, capMs: 1 }, maxRetries: 9 });
    const mail = provider([silence], { onAmbiguous: "hold", dedup: { kind: "key", windowMs: 2_500 } });
    const result = await settled(executor.execute(call(mail)));
    expect(result).toMatchObject({ kind: "dead", reason: "outcome_unknown" });
    expect(result.attempts.map(({ startedAtMs }) => startedAtMs - 1_000_000)).toEqual([0, 1_000, 2_000]);
  });

  test("an attempt of an earlier holder opens the window", async () => {
    const mail = provider([() => success], { onAmbiguous: "hold", dedup: { kind: "key", windowMs: 2_500 } });
    const resumed = { attemptsBefore: 1, ambiguousSinceAtMs: 1_000_000 - 2_500 };
    expect(executor.execute(call(mail, resumed))).toMatchObject({
      kind: "dead",
      reason: "outcome_unknown",
      attempts: [],
    });
    const inTime = { attemptsBefore: 1, ambiguousSinceAtMs: 1_000_000 - 2_499 };
    expect(executor.execute(call(mail, inTime))).toMatchObject({ kind: "answered" });
  });
});

describe("lock and drain (L5, O7)", () => {
  test("no call without leave, asked right before each", async () => {
    const mail = provider([() => busy]);
    expect(executor.execute(call(mail, { mayCall: () => false }))).toMatchObject({ kind: "lost", attempts: [] });
    const asked: number[] = [];
    const mayCall = (nowMs: number) => asked.push(nowMs) < 2;
    expect(await settled(executor.execute(call(mail, { mayCall })))).toMatchObject({ kind: "lost", attempts: [{}] });
    expect(asked).toHaveLength(2);
    expect(mail.calls).toHaveLength(1);
  });

  test("a lost lock ends the call under way, and a wait", async () => {
    const lock = new AbortController();
    const mail = provider([listening(true)]);
    const underWay = executor.execute(call(mail, { signal: lock.signal }));
    const waiting = executor.execute(call(provider([() => busy]), { signal: lock.signal }));
    lock.abort();
    expect(await settled(underWay)).toMatchObject({ kind: "lost" });
    expect(mail.calls[0]?.signal.aborted).toBe(true);
    expect(await waiting).toMatchObject({ kind: "lost" });
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("an answer that comes with the loss is still an answer", async () => {
    const lock = new AbortController();
    const mail = provider([
      ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(success))),
    ]);
    const result = executor.execute(call(mail, { signal: lock.signal }));
    lock.abort();
    expect(await settled(result)).toMatchObject({ kind: "answered" });
  });

  test("a drain parks what is in backoff, with its time, and lets a call under way end", async () => {
    use({ attemptTimeoutMs: 60_000 });
    const drain = new AbortController();
    let answer: (result: ProviderResult) => void = () => {};
    const slow = provider([() => new Promise((resolve) => (answer = resolve))], { name: "slow" });
    const inBackoff = executor.execute(call(provider([() => later]), { draining: drain.signal }));
    const underWay = executor.execute(call(slow, { draining: drain.signal }));
    await clock.advanceAsync(1_000);
    drain.abort();
    expect(await inBackoff).toMatchObject({
      kind: "parked",
      nextAtMs: 1_005_000,
      failure: { code: "RATE_LIMITED" },
      ambiguousSinceAtMs: undefined,
    });
    answer(success);
    expect(await underWay).toMatchObject({ kind: "answered" });
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("what is parked after a doubtful attempt says since when", async () => {
    const drain = new AbortController();
    const parked = executor.execute(call(provider([unavailable(true)]), { draining: drain.signal }));
    await clock.advanceAsync(0);
    drain.abort();
    expect(await parked).toMatchObject({ kind: "parked", ambiguousSinceAtMs: 1_000_000 });
  });
});

describe("concurrency (O1, O4)", () => {
  function gate() {
    const open: ((result: ProviderResult) => void)[] = [];
    const waits = () => new Promise<ProviderResult>((resolve) => open.push(resolve));
    return { open, waits };
  }

  test("calls past the bound wait in order of arrival, and another provider's do not", async () => {
    use({ maxConcurrent: 2 });
    const { open, waits } = gate();
    const mail = provider([waits]);
    const order: number[] = [];
    const results = [0, 1, 2, 3, 4].map((i) => executor.execute(call(mail, { mayCall: () => order.push(i) > 0 })));
    await clock.advanceAsync(0);
    expect(order).toEqual([0, 1]);
    expect(executor.execute(call(provider([() => success], { name: "chat" })))).toMatchObject({ kind: "answered" });
    for (let i = 0; i < 5; i++) {
      open[i]!(success);
      await clock.advanceAsync(0);
    }
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect((await Promise.all(results.map(settled))).map(({ kind }) => kind)).toEqual(Array(5).fill("answered"));
  });

  test("an execution in backoff takes no place", async () => {
    use({ maxConcurrent: 1 });
    const retrying = executor.execute(call(provider([() => busy, () => success])));
    expect(executor.execute(call(provider([() => success])))).toMatchObject({ kind: "answered" });
    expect(await settled(retrying)).toMatchObject({ kind: "answered" });
  });

  test("more than may wait are refused, with nothing sent and leave to try again", async () => {
    use({ maxConcurrent: 1, maxWaiting: 2 });
    const { open, waits } = gate();
    const mail = provider([waits]);
    const accepted = [0, 1, 2].map(() => executor.execute(call(mail)));
    expect(executor.execute(call(mail))).toMatchObject({
      kind: "failed",
      failure: { code: "RATE_LIMITED", retryable: true },
      attempts: [],
    });
    open[0]!(success);
    await clock.advanceAsync(0);
    accepted.push(executor.execute(call(mail))); // one has left the queue, so there is room for another
    for (let i = 1; i < 4; i++) {
      open[i]!(success);
      await clock.advanceAsync(0);
    }
    expect((await Promise.all(accepted.map(settled))).every(({ kind }) => kind === "answered")).toBe(true);
  });

  test("whoever waits for a place leaves on a lost lock, a drain or, once at its turn, past its deadline", async () => {
    use({ maxConcurrent: 1 });
    const { open, waits } = gate();
    const mail = provider([waits]);
    const lock = new AbortController();
    const drain = new AbortController();
    const first = executor.execute(call(mail));
    const lost = executor.execute(call(mail, { signal: lock.signal }));
    const parked = executor.execute(call(mail, { draining: drain.signal }));
    const late = executor.execute(call(mail, { deadlineMs: clock.monotonicMs() + 10 }));
    lock.abort();
    drain.abort();
    expect(await lost).toMatchObject({ kind: "lost", attempts: [] });
    expect(await parked).toMatchObject({ kind: "parked", attempts: [], nextAtMs: 1_000_000 });
    await clock.advanceAsync(20);
    open[0]!(success);
    expect(await first).toMatchObject({ kind: "answered" });
    expect(await late).toMatchObject({ kind: "dead", reason: "deadline", attempts: [] });
    expect(mail.calls).toHaveLength(1);
    expect(executor.execute(call(provider([() => success])))).toMatchObject({ kind: "answered" }); // the place is free
  });
});

describe("the retry budget (O4)", () => {
  test("when a service fails as a whole, retries beyond the budget wait; none is given up", async () => {
    use({ maxRetries: 1, backoff: { baseMs: 1, capMs: 1 }, maxConcurrent: 1_000 });
    const mail = provider([unavailable(false)]);
    const results = Array.from({ length: 300 }, () => executor.execute(call(mail)));
    await clock.advanceAsync(5_000);
    await clock.advanceAsync(0);
    expect(mail.calls.length).toBe(300 + 60 + 100);
    const ends = await Promise.all(results.map(settled));
    expect(ends.every(({ attempts }) => attempts.length === 2)).toBe(true);
    expect(ends.every((end) => end.kind === "dead" && end.reason === "attempts_exhausted")).toBe(true);
  });
});

describe("health (`wire-api.md` §22)", () => {
  test("tells requests, failures, latency and the last error of each provider", async () => {
    use({ maxRetries: 0 });
    const after = (ms: number, result: ProviderResult) => () =>
      new Promise<ProviderResult>((resolve) => clock.after(ms, () => resolve(result)));
    const failed: ProviderResult = { kind: "answered", response: { status: "failure", body: null, headers: {} } };
    const mail = provider([
      after(10, success),
      after(20, success),
      after(100, busy),
      after(5, failed),
      unavailable(false),
    ]);
    for (let i = 0; i < 5; i++) await settled(executor.execute(call(mail)));
    const stats = executor.health.snapshot("mail");
    expect(stats).toMatchObject({ requests: 5, successes: 2, failures: 3, avgLatencyMs: 27 });
    expect(stats.lastError).toBe("CONNECTION: mail: ECONNRESET");
    expect(stats.lastRequestAtMs).toBe(1_000_135);
    expect(stats.p50LatencyMs).toBeGreaterThanOrEqual(10);
    expect(stats.p99LatencyMs).toBeLessThan(107);
    expect(executor.health.failureRate("mail")).toBe(0.6);
    expect(executor.health.latencyP99Ms("mail")).toBeGreaterThanOrEqual(100);
  });

  test("knows nothing of a provider that was not called, and no circuit is open", () => {
    expect(executor.health.snapshot("chat")).toMatchObject({ requests: 0, lastError: undefined });
    expect(executor.health.failureRate("chat")).toBe(0);
    expect(executor.health.latencyP99Ms("chat")).toBeUndefined();
    expect(executor.health.circuitOpen("mail")).toBe(false);
  });
});
