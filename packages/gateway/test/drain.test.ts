import { systemClock, DrainingError } from "@acteon/core";
import { openMemoryState } from "@acteon/state-memory";
import type { StateStore } from "@acteon/state";
import { expect, test } from "vitest";
import { input, openTestGateway, RecordingProvider, rejected, success } from "./test-gateway.ts";

const signal = new AbortController().signal;

/** The same store for one gateway after the other: disposing of a gateway leaves it. */
function shared(store: StateStore): StateStore {
  return {
    durability: store.durability,
    capabilities: store.capabilities,
    apply: (groups, options) => store.apply(groups, options),
    scan: (range, options) => store.scan(range, options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test("a drain finishes what is under way and takes nothing new (O7)", async () => {
  const provider = new RecordingProvider();
  let finish = (): void => undefined;
  provider.answer = () => new Promise((resolve) => (finish = () => resolve(success)));
  const gateway = openTestGateway({ providers: [provider] });
  const first = gateway.dispatch(input());
  await expect.poll(() => provider.calls.length).toBe(1);
  const drained = gateway.drain();
  await expect(gateway.dispatch(input())).rejects.toBeInstanceOf(DrainingError);
  finish();
  expect((await first).kind).toBe("executed");
  await drained;
});

test("a recorded action in backoff is parked by the drain, and resumed by the next gateway with its attempts (C11)", async () => {
  const store = openMemoryState({ clock: systemClock });
  const provider = new RecordingProvider();
  provider.answer = () => rejected("TIMEOUT", true);
  const policy = { maxRetries: 3, backoff: { baseMs: 60_000, capMs: 60_000 } };
  const first = openTestGateway({
    providers: [provider],
    state: shared(store),
    policy,
    random: { next: () => 0.001, uuid: () => crypto.randomUUID() },
  });
  const parked = first.dispatch(input({ dedupKey: "p" }));
  await expect.poll(() => provider.calls.length).toBe(1);
  await first.drain();
  await expect(parked).rejects.toBeInstanceOf(DrainingError);
  const [entry] = await Array.fromAsync(store.scan({ kind: "execution" }, { signal }));
  expect(JSON.parse(entry?.value ?? "{}")).toMatchObject({ state: "parked", attempt: 2 });

  provider.answer = () => success;
  await expect
    .poll(async () => {
      await using next = openTestGateway({ providers: [provider], state: shared(store), policy });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await next.drain();
      return (await Array.fromAsync(store.scan({ kind: "execution" }, { signal }))).length;
    })
    .toBe(0);
  expect(provider.calls.map(({ number }) => number)).toEqual([1, 2]);
  expect(new Set(provider.calls.map(({ key }) => key)).size).toBe(1);
});

test("a plain action in backoff is answered Failed and retryable by the drain", async () => {
  const provider = new RecordingProvider();
  provider.answer = () => rejected("TIMEOUT", true);
  const gateway = openTestGateway({ providers: [provider], policy: { backoff: { baseMs: 60_000, capMs: 60_000 } } });
  const answered = gateway.dispatch(input());
  await expect.poll(() => provider.calls.length).toBe(1);
  await gateway.drain();
  expect(await answered).toMatchObject({ kind: "failed", error: { retryable: true } });
});
