import { createFakeClock } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import {
  DigestMismatchError,
  InProgressError,
  OverloadedError,
  RuleError,
  systemClock,
  ValidationError,
} from "@acteon/core";
import type { ProviderResult } from "@acteon/provider";
import { scanKeysByKind, type StateStore } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import {
  executeAfter,
  input,
  openTestGateway,
  RecordingProvider,
  rejected,
  ruleSet,
  success,
  testRule,
} from "./test-gateway.ts";

const signal = new AbortController().signal;

describe("a plain action", () => {
  test("is executed by its provider, and leaves nothing in the store", async () => {
    const provider = new RecordingProvider();
    const state = openMemoryState({ clock: createFakeClock() });
    await using gateway = openTestGateway({ providers: [provider], state });
    const outcome = await gateway.dispatch(input());
    expect(outcome).toMatchObject({ kind: "executed", attempts: 1, response: { status: "success" } });
    expect(provider.calls).toHaveLength(1);
    await gateway.drain();
    expect(await Array.fromAsync(scanKeysByKind(state, "execution", { signal }))).toEqual([]);
  });

  test("for an unknown provider ends as Failed, with no attempt", async () => {
    await using gateway = openTestGateway();
    const outcome = await gateway.dispatch(input({ provider: "nowhere" }));
    expect(outcome).toEqual({
      kind: "failed",
      error: { code: "PROVIDER_NOT_FOUND", message: "provider not found: nowhere", retryable: false },
      attempts: 0,
    });
  });

  test("with every field wrong is refused with every problem", async () => {
    await using gateway = openTestGateway();
    const refused = gateway.dispatch(input({ namespace: "a:b", tenant: "..", id: "" }));
    await expect(refused).rejects.toBeInstanceOf(ValidationError);
    const error = (await refused.catch((e: unknown) => e)) as ValidationError;
    expect(error.problems.map((problem) => problem.pointer)).toEqual(
      expect.arrayContaining(["/id", "/namespace", "/tenant"]),
    );
  });
});

describe("deduplication (G5)", () => {
  test("the second of two equal keys is Deduplicated, and told when the first was seen and until when", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    const before = Date.now();
    expect((await gateway.dispatch(input({ dedupKey: "k" }))).kind).toBe("executed");
    const second = await gateway.dispatch(input({ dedupKey: "k" }));
    expect(second).toMatchObject({ kind: "deduplicated", key: "k" });
    if (second.kind !== "deduplicated") throw new Error("unreachable");
    expect(second.originalAtMs).toBeGreaterThanOrEqual(before);
    expect(second.expiresAtMs).toBeGreaterThan(before + 299_000);
    expect(provider.calls).toHaveLength(1);
  });

  test("of equal keys in one batch the earlier index executes", async () => {
    await using gateway = openTestGateway();
    const results = await gateway.dispatchBatch([input({ dedupKey: "b" }), input({ dedupKey: "b" }), input()]);
    expect(results.map((r) => (r.kind === "outcome" ? r.outcome.kind : "refused"))).toEqual([
      "executed",
      "deduplicated",
      "executed",
    ]);
  });

  test("a failed first gives the key back, also when the provider answered with status failure", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    provider.answer = () => rejected("EXECUTION_FAILED", false);
    expect((await gateway.dispatch(input({ dedupKey: "f" }))).kind).toBe("failed");
    provider.answer = () => ({ kind: "answered", response: { status: "failure", body: null, headers: {} } });
    expect((await gateway.dispatch(input({ dedupKey: "f" }))).kind).toBe("executed");
    provider.answer = () => success;
    expect((await gateway.dispatch(input({ dedupKey: "f" }))).kind).toBe("executed");
    expect((await gateway.dispatch(input({ dedupKey: "f" }))).kind).toBe("deduplicated");
  });

  test("while the first is in flight the second is Deduplicated, without an expiry", async () => {
    const provider = new RecordingProvider();
    let finish = (): void => undefined;
    provider.answer = () => new Promise((resolve) => (finish = () => resolve(success)));
    await using gateway = openTestGateway({ providers: [provider] });
    const first = gateway.dispatch(input({ dedupKey: "w" }));
    await expect.poll(() => provider.calls.length).toBe(1);
    expect(await gateway.dispatch(input({ dedupKey: "w" }))).toMatchObject({
      kind: "deduplicated",
      expiresAtMs: undefined,
    });
    finish();
    expect((await first).kind).toBe("executed");
  });
});

describe("throttling", () => {
  const throttled = ruleSet(() =>
    executeAfter([{ kind: "throttle", rule: testRule, counter: { kind: "rule" }, limit: 3, windowMs: 60_000 }]),
  );

  test("lets the limit through and refuses the rest with the full window", async () => {
    await using gateway = openTestGateway({ rules: throttled });
    const results = await gateway.dispatchBatch(Array.from({ length: 5 }, () => input()));
    expect(results.map((r) => (r.kind === "outcome" ? r.outcome.kind : "refused"))).toEqual([
      "executed",
      "executed",
      "executed",
      "throttled",
      "throttled",
    ]);
    expect(results[4]).toMatchObject({ outcome: { retryAfterMs: 60_000, rule: "test-rule" } });
  });
});

describe("gates that share an entry", () => {
  test("are asked once: the first dedup key stands, and of one counter the lower limit", async () => {
    const other = { ...testRule, name: "other-rule" };
    const counter = { kind: "key", key: "shared" } as const;
    const rules = ruleSet((action) =>
      executeAfter([
        { kind: "deduplicate", rule: testRule, key: String(action.dedupKey), ttlMs: 60_000 },
        { kind: "deduplicate", rule: other, key: String(action.dedupKey), ttlMs: 1_000 },
        { kind: "throttle", rule: testRule, counter, limit: 5, windowMs: 60_000 },
        { kind: "throttle", rule: other, counter, limit: 2, windowMs: 60_000 },
      ]),
    );
    await using gateway = openTestGateway({ rules });
    const kinds = [];
    for (const dedupKey of ["a", "a", "b", "c"]) kinds.push(await gateway.dispatch(input({ dedupKey })));
    expect(kinds.map(({ kind }) => kind)).toEqual(["executed", "deduplicated", "executed", "throttled"]);
    expect(kinds[3]).toMatchObject({ rule: "other-rule" });
  });
});

describe("the door (G7)", () => {
  test("the same identity runs one after the other, in order of arrival", async () => {
    const provider = new RecordingProvider();
    let running = 0;
    let most = 0;
    provider.answer = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      return success;
    };
    await using gateway = openTestGateway({ providers: [provider] });
    const payloads = Array.from({ length: 8 }, (_, n) => n);
    await Promise.all(payloads.map((n) => gateway.dispatch(input({ id: "same", payload: { n } }))));
    expect(most).toBe(1);
    expect(provider.calls.map((call) => (call.action.payload as { n: number }).n)).toEqual(payloads);
  });

  test("more than maxWaitersPerIdentity are refused as overloaded", async () => {
    const provider = new RecordingProvider();
    let finish = (): void => undefined;
    provider.answer = () => new Promise((resolve) => (finish = () => resolve(success)));
    await using gateway = openTestGateway({ providers: [provider], settings: { maxWaitersPerIdentity: 1 } });
    const first = gateway.dispatch(input({ id: "same" }));
    const second = gateway.dispatch(input({ id: "same" }));
    await expect(gateway.dispatch(input({ id: "same" }))).rejects.toBeInstanceOf(OverloadedError);
    await expect.poll(() => provider.calls.length).toBe(1);
    provider.answer = () => success;
    finish();
    expect((await first).kind).toBe("executed");
    expect((await second).kind).toBe("executed");
  });
});

describe("a store that is slower than what arrives (O1)", () => {
  test("is asked for no more than its next call carries; the rest waits as it arrived, and none is lost", async () => {
    const memory = openMemoryState({ clock: systemClock });
    const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
    const carried: number[] = [];
    const state: StateStore = {
      durability: memory.durability,
      capabilities: memory.capabilities,
      apply: async (groups, options) => {
        carried.push(groups.length);
        await mayAnswer;
        return memory.apply(groups, options);
      },
      scan: (range, options) => memory.scan(range, options),
      [Symbol.asyncDispose]: () => memory[Symbol.asyncDispose](),
    };
    await using gateway = openTestGateway({ state, settings: { maxGroupsPerCall: 100 } });
    const results = gateway.dispatchBatch(Array.from({ length: 2_000 }, () => input()));
    await expect.poll(() => gateway.metrics().queued, { timeout: 2_000 }).toBe(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(gateway.metrics().queued).toBe(100);
    expect(carried.length).toBe(2);
    letAnswer();
    const kinds = (await results).map((result) => (result.kind === "outcome" ? result.outcome.kind : result.kind));
    expect(new Set(kinds)).toEqual(new Set(["executed"]));
    expect(Math.max(...carried)).toBe(100);
  });
});

describe("the lock of an identity", () => {
  test("is renewed while its provider works, so that no other gateway takes over (L5)", async () => {
    const provider = new RecordingProvider();
    const { promise: answered, resolve: answer } = Promise.withResolvers<ProviderResult>();
    provider.answer = () => answered;
    const clock = createFakeClock();
    const ports = { providers: [provider], state: openMemoryState({ clock }), settings: { leaseMs: 600 }, clock };
    const [gateway, other] = [openTestGateway(ports), openTestGateway(ports)];
    const first = gateway.dispatch(input({ id: "long", dedupKey: "long" }));
    await clock.advanceAsync(1);
    const second = other.dispatch(input({ id: "long", dedupKey: "long" }));
    for (let passedMs = 0; passedMs < 3_000; passedMs += 50) await clock.advanceAsync(50);
    answer(success);
    expect(await settled(first, clock)).toMatchObject({ kind: "executed" });
    expect(await settled(second, clock)).toMatchObject({ kind: "deduplicated" });
    expect(provider.calls).toHaveLength(1);
    await settled(Promise.all([gateway.drain(), other.drain()]), clock);
  });
});

/** What a promise gives, while time goes on. */
async function settled<T>(promise: Promise<T>, clock: FakeClock): Promise<T> {
  let waiting = true;
  const end = (): void => void (waiting = false);
  void promise.then(end, end);
  while (waiting) await clock.advanceAsync(1);
  return promise;
}

describe("Idempotency-Key (G5)", () => {
  test("a repeat gets the stored answer and executes nothing", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    const same = input({ id: "keyed" });
    const first = await gateway.dispatch(same, { idempotencyKey: "ik-1" });
    const second = await gateway.dispatch(same, { idempotencyKey: "ik-1" });
    expect(second).toEqual(first);
    expect(provider.calls).toHaveLength(1);
    expect(gateway.metrics().counters["replayed"]).toBe(1);
  });

  test("a keyed call without an id is the same request when it comes again", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    const { id: _id, ...nameless } = input();
    const first = await gateway.dispatch(nameless, { idempotencyKey: "nameless" });
    expect(await gateway.dispatch(nameless, { idempotencyKey: "nameless" })).toEqual(first);
    expect(provider.calls).toHaveLength(1);
  });

  test("another request under the key is refused, and told when the key was first seen", async () => {
    await using gateway = openTestGateway();
    await gateway.dispatch(input({ id: "keyed", payload: 1 }), { idempotencyKey: "ik" });
    const other = gateway.dispatch(input({ id: "keyed", payload: 2 }), { idempotencyKey: "ik" });
    await expect(other).rejects.toBeInstanceOf(DigestMismatchError);
  });

  test("while the first runs a repeat is told so at once, at the door and from another gateway at the lock", async () => {
    const provider = new RecordingProvider();
    let finish = (): void => undefined;
    provider.answer = () => new Promise((resolve) => (finish = () => resolve(success)));
    const state = openMemoryState({ clock: systemClock });
    const gateway = openTestGateway({ providers: [provider], state });
    await using other = openTestGateway({ providers: [provider], state });
    const same = input({ id: "keyed" });
    const first = gateway.dispatch(same, { idempotencyKey: "ik" });
    await expect.poll(() => provider.calls.length).toBe(1);
    await expect(gateway.dispatch(same, { idempotencyKey: "ik" })).rejects.toBeInstanceOf(InProgressError);
    await expect(other.dispatch(same, { idempotencyKey: "ik" })).rejects.toBeInstanceOf(InProgressError);
    finish();
    expect((await first).kind).toBe("executed");
    expect((await other.dispatch(same, { idempotencyKey: "ik" })).kind).toBe("executed");
    expect(provider.calls).toHaveLength(1);
    await gateway.drain();
  });

  test("each item of a batch has a key of its own", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    const batch = [input(), input(), input()];
    await gateway.dispatchBatch(batch, { idempotencyKey: "batch" });
    const again = await gateway.dispatchBatch(batch, { idempotencyKey: "batch" });
    expect(again.every((result) => result.kind === "outcome" && result.replayed)).toBe(true);
    expect(provider.calls).toHaveLength(3);
  });

  test("an answer that asks for a retry is not stored", async () => {
    let limit = 1;
    const rules = ruleSet(() =>
      executeAfter([{ kind: "throttle", rule: testRule, counter: { kind: "rule" }, limit, windowMs: 60_000 }]),
    );
    await using gateway = openTestGateway({ rules });
    await gateway.dispatch(input());
    const same = input();
    expect((await gateway.dispatch(same, { idempotencyKey: "ik" })).kind).toBe("throttled");
    limit = 5;
    expect((await gateway.dispatch(same, { idempotencyKey: "ik" })).kind).toBe("executed");
  });
});

describe("dead letters", () => {
  test("an exhausted action becomes one, keeps its dedup key, and leaves by requeue or discard", async () => {
    const provider = new RecordingProvider();
    provider.answer = () => rejected("TIMEOUT", true);
    await using gateway = openTestGateway({
      providers: [provider],
      policy: { maxRetries: 1, backoff: { baseMs: 1, capMs: 2 } },
    });
    expect(await gateway.dispatch(input({ dedupKey: "d" }))).toMatchObject({ kind: "failed", attempts: 2 });
    expect((await gateway.dispatch(input({ dedupKey: "d" }))).kind).toBe("deduplicated");
    const [letter] = await Array.fromAsync(gateway.deadLetters.list());
    expect(letter).toMatchObject({ reason: "attempts_exhausted", attempts: 2, error: { code: "TIMEOUT" } });
    provider.answer = () => success;
    expect(await gateway.deadLetters.requeue(letter?.id ?? "")).toMatchObject({ outcome: { kind: "executed" } });
    expect(await Array.fromAsync(gateway.deadLetters.list())).toEqual([]);
    expect((await gateway.dispatch(input({ dedupKey: "d" }))).kind).toBe("deduplicated");

    provider.answer = () => rejected("TIMEOUT", true);
    await gateway.dispatch(input({ dedupKey: "e" }));
    const [second] = await Array.fromAsync(gateway.deadLetters.list());
    expect(await gateway.deadLetters.discard(second?.id ?? "")).toBe(true);
    expect(await gateway.deadLetters.discard(second?.id ?? "")).toBe(false);
    provider.answer = () => success;
    expect((await gateway.dispatch(input({ dedupKey: "e" }))).kind).toBe("executed");
  });

  test("a plain action that exhausts its attempts is one too", async () => {
    const provider = new RecordingProvider();
    provider.answer = () => rejected("TIMEOUT", true);
    await using gateway = openTestGateway({ providers: [provider], policy: { maxRetries: 0 } });
    expect((await gateway.dispatch(input())).kind).toBe("failed");
    expect(await Array.fromAsync(gateway.deadLetters.list())).toHaveLength(1);
  });
});

describe("rules that read the store", () => {
  test("values are read under the lock, and a counting condition sees the sum with itself", async () => {
    const seen: unknown[] = [];
    const rules = ruleSet(() => ({
      kind: "reads",
      reads: [
        { kind: "count", key: "per-service", windowMs: 60_000 },
        { kind: "entry", key: "nothing" },
      ],
      resume(answers) {
        seen.push(answers);
        return executeAfter([]);
      },
    }));
    await using gateway = openTestGateway({ rules });
    await gateway.dispatch(input());
    await gateway.dispatch(input());
    expect(seen).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });

  test("an error in a condition fails the dispatch as rule_error and executes nothing", async () => {
    const provider = new RecordingProvider();
    const rules = ruleSet(() => ({
      kind: "known",
      decision: { gates: [], end: { kind: "error", rule: testRule, message: "division by zero" }, facts: [] },
    }));
    await using gateway = openTestGateway({ rules, providers: [provider] });
    await expect(gateway.dispatch(input())).rejects.toBeInstanceOf(RuleError);
    expect(provider.calls).toEqual([]);
  });
});

describe("a dry run", () => {
  test("says what would happen, and writes nothing", async () => {
    const provider = new RecordingProvider();
    await using gateway = openTestGateway({ providers: [provider] });
    expect(await gateway.dispatch(input({ dedupKey: "x" }), { dryRun: true })).toMatchObject({
      kind: "dryRun",
      provider: "console",
    });
    expect(provider.calls).toEqual([]);
    expect((await gateway.dispatch(input({ dedupKey: "x" }))).kind).toBe("executed");
    expect(await gateway.dispatch(input({ dedupKey: "x" }), { dryRun: true })).toMatchObject({
      kind: "dryRun",
      verdict: "deduplicate",
      rule: "test-rule",
    });
  });
});

describe("custom verdicts", () => {
  test("are decided by the handler of that name; an unknown one is a rule error", async () => {
    const rules = ruleSet((action) => ({
      kind: "known",
      decision: {
        gates: [],
        end: { kind: "custom", rule: testRule, handler: action.actionType, params: { limit: 3 } },
        facts: [],
      },
    }));
    const handlers = new Map([["spend", () => Promise.resolve({ kind: "suppress", reason: "over budget" } as const)]]);
    await using gateway = openTestGateway({ rules, handlers });
    expect(await gateway.dispatch(input({ actionType: "spend" }))).toEqual({
      kind: "suppressed",
      rule: "test-rule",
      reason: "over budget",
    });
    await expect(gateway.dispatch(input({ actionType: "other" }))).rejects.toBeInstanceOf(RuleError);
  });
});
