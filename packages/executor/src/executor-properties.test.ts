import { getEventListeners } from "node:events";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { ProviderUnavailableError } from "@acteon/provider";
import type { ProviderResult } from "@acteon/provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { busy, call, provider, success } from "../test/example-call.ts";
import type { Step } from "../test/example-call.ts";
import { createExecutor } from "./create-executor.ts";
import type { ExecutionResult } from "./executor-api.ts";

const maxConcurrent = 3;

/** What one call of a provider does: how long it takes (0: it answers at once), how it ends, whether it hears its signal. */
interface Behaviour {
  readonly takesMs: number;
  readonly end: "success" | "busy" | "unsent" | "sent" | "bug";
  readonly listens: boolean;
}

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  takesMs: fc.constantFrom(0, 0, 1, 50, 400, 5_000),
  end: fc.constantFrom("success", "busy", "unsent", "sent", "bug"),
  listens: fc.boolean(),
});

const execution = fc.record({
  afterMs: fc.nat(300),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 4 }),
  onAmbiguous: fc.constantFrom("retry", "hold"),
  lostAfterMs: fc.option(fc.nat(3_000), { nil: undefined, freq: 3 }),
});

/** Calls under way, by the provider's own count; a call that was cut off counts no longer. */
interface Load {
  active: number;
  most: number;
}

function carryOut({ takesMs, end, listens }: Behaviour, clock: FakeClock, load: Load): Step {
  const finish = (): ProviderResult => {
    if (end === "success") return success;
    if (end === "busy") return busy;
    if (end === "bug") throw new TypeError("bug");
    throw new ProviderUnavailableError("mail", { reason: "connection", sent: end === "sent" });
  };
  return ({ signal }) => {
    if (takesMs === 0) return finish();
    load.active += 1;
    load.most = Math.max(load.most, load.active);
    let over = false;
    const leave = () => {
      if (!over) load.active -= 1;
      over = true;
    };
    return new Promise<void>((resolve, reject) => {
      clock.after(takesMs, () => (leave(), resolve()));
      signal.addEventListener("abort", () => {
        leave();
        if (listens) reject(new ProviderUnavailableError("mail", { reason: "aborted", sent: true }));
      });
    }).then(finish);
  };
}

test("whatever its provider does, every execution ends once, in its bounds, and leaves nothing behind", async () => {
  const executions = fc.array(execution, { minLength: 1, maxLength: 12 });
  const drainAfterMs = fc.option(fc.nat(3_000), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(executions, drainAfterMs, fc.integer(), async (planned, drainMs, seed) => {
      const clock = createFakeClock();
      const policy = { maxConcurrent, attemptTimeoutMs: 1_000 };
      const executor = createExecutor({ clock, random: createSeededRandom(seed), policy });
      const drain = new AbortController();
      if (drainMs !== undefined) clock.after(drainMs, () => drain.abort());
      const load = { active: 0, most: 0 };
      const signals = [drain.signal];
      const results: Promise<ExecutionResult>[] = [];
      let ended = 0;

      for (const { afterMs, behaviours, onAmbiguous, lostAfterMs } of planned) {
        await clock.advanceAsync(afterMs);
        const lock = new AbortController();
        if (lostAfterMs !== undefined) clock.after(lostAfterMs, () => lock.abort());
        const steps = behaviours.map((each) => carryOut(each, clock, load));
        const under = { signal: lock.signal, draining: drain.signal };
        const result = Promise.resolve(executor.execute(call(provider(steps, { onAmbiguous }), under)));
        void result.then(() => (ended += 1));
        signals.push(lock.signal);
        results.push(result);
      }
      for (let i = 0; i < 1_000 && ended < results.length; i++) await clock.advanceAsync(clock.nextDueMs() ?? 0);
      expect(ended).toBe(results.length);
      expect(load.most).toBeLessThanOrEqual(maxConcurrent);

      for (const [i, result] of (await Promise.all(results)).entries()) {
        const { behaviours, onAmbiguous, lostAfterMs } = planned[i]!;
        if (result.kind === "lost") expect(lostAfterMs).toBeDefined();
        if (result.kind === "parked") expect(drainMs).toBeDefined();
        if (result.kind === "answered") expect(behaviours.some(({ end }) => end === "success")).toBe(true);
        expect(result.attempts.length).toBeLessThanOrEqual(4);
        // G4: with hold, nothing follows on an attempt that may have had its effect.
        const doubtful = result.attempts.findIndex(
          ({ result: code }) => code === "TIMEOUT" || code === "EXECUTION_FAILED",
        );
        if (onAmbiguous === "hold" && doubtful !== -1) expect(doubtful).toBe(result.attempts.length - 1);
      }

      for (const signal of signals) expect(getEventListeners(signal, "abort")).toHaveLength(0);
      const probe = provider([() => new Promise(() => {})]);
      for (let i = 0; i < maxConcurrent; i++) void executor.execute(call(probe));
      expect(probe.calls).toHaveLength(maxConcurrent); // every place was free
    }),
    { numRuns: 300 },
  );
});
