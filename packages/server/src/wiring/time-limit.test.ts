import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { TimeLimit } from "./time-limit.ts";

const never = new Promise<never>(() => undefined);

test("what is done in time is given, and nothing is left behind", async () => {
  const clock = createFakeClock(0);
  {
    using limit = new TimeLimit(clock, 1_000);
    expect(await limit.within(Promise.resolve(1))).toBe(1);
    expect(await Array.fromAsync(limit.eachWithin(items()))).toEqual([1, 2]);
    expect(limit.signal.aborted).toBe(false);
  }
  expect(clock.nextDueMs()).toBeUndefined();
});

test("who is told to give up may still say why; who says nothing is not waited for", async () => {
  const clock = createFakeClock(0);
  using limit = new TimeLimit(clock, 1_000);
  const obedient = limit.within(
    new Promise((_, reject) => limit.signal.addEventListener("abort", () => reject(new Error("refused")))),
  );
  const stubborn = limit.within(never);
  const told = expect(obedient).rejects.toThrow("refused");
  clock.advance(1_000);
  await told;
  const silent = expect(stubborn).rejects.toThrow("not done within 1000 ms");
  clock.advance(500);
  await silent;
});

test("what is opened too late is closed", async () => {
  const clock = createFakeClock(0);
  using limit = new TimeLimit(clock, 1_000);
  const { promise, resolve } = Promise.withResolvers<AsyncDisposable>();
  const failed = expect(limit.opened(promise)).rejects.toMatchObject({ name: "TimeoutError" });
  clock.advance(1_000);
  clock.advance(500);
  await failed;
  const closed = Promise.withResolvers<void>();
  resolve({ [Symbol.asyncDispose]: () => Promise.resolve(closed.resolve()) });
  await closed.promise;
});

test("items that stop coming are not waited for either", async () => {
  const clock = createFakeClock(0);
  using limit = new TimeLimit(clock, 1_000);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of limit.eachWithin(items(never))) seen.push(item);
  })();
  const failed = expect(reading).rejects.toMatchObject({ name: "TimeoutError" });
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1_000);
  clock.advance(500);
  await failed;
  expect(seen).toEqual([1]);
});

async function* items(between: Promise<unknown> = Promise.resolve()): AsyncGenerator<number> {
  yield 1;
  await between;
  yield 2;
}
