import { expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

test("time stands still until it is moved", () => {
  const clock = createFakeClock(1_000);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
  clock.advance(250);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
});

test("timers run when they are due, by due time and then by the order of the calls", () => {
  const clock = createFakeClock(0);
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name}@${clock.nowMs()}`);
  clock.after(20, note("late"));
  clock.after(10, note("first"));
  clock.after(10, note("second"));
  clock.after(-5, note("overdue"));
  clock.advance(10);
  expect(ran).toEqual(["overdue@0", "first@10", "second@10"]);
  clock.advance(9);
  expect(ran).toHaveLength(3);
  clock.advance(1);
  expect(ran.at(-1)).toBe("late@20");
});

test("a timer that is set by a timer runs in the same move if it falls into it", () => {
  const clock = createFakeClock(0);
  const ran: number[] = [];
  const tick = (): void => {
    ran.push(clock.nowMs());
    clock.after(10, tick);
  };
  clock.after(10, tick);
  clock.advance(35);
  expect(ran).toEqual([10, 20, 30]);
  expect(clock.nextDueMs()).toBe(5);
});

test("a cancelled timer does not run, and cancelling again does nothing", () => {
  const clock = createFakeClock();
  const cancel = clock.after(1, () => expect.unreachable());
  clock.after(1, () => undefined);
  cancel();
  cancel();
  clock.advance(5);
  expect(clock.nextDueMs()).toBeUndefined();
});

test("deferred work goes before timers, in the order in which it was deferred", () => {
  const clock = createFakeClock();
  const ran: string[] = [];
  clock.after(0, () => ran.push("timer"));
  clock.defer(() => {
    ran.push("one");
    clock.defer(() => ran.push("three"));
  });
  clock.defer(() => ran.push("two"));
  expect(clock.nextDueMs()).toBe(0);
  clock.advance(0);
  expect(ran).toEqual(["one", "two", "three", "timer"]);
});

test("work that throws takes nothing down with it", () => {
  const clock = createFakeClock();
  const ran: string[] = [];
  clock.defer(() => {
    throw new Error("crash");
  });
  clock.defer(() => ran.push("next"));
  expect(() => clock.advance(10)).toThrow("crash");
  clock.advance(10);
  expect(ran).toEqual(["next"]);
});

test("moving with promises lets what a step resolved settle before the next step", async () => {
  const clock = createFakeClock(0);
  const ran: string[] = [];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const work = async (name: string, ms: number): Promise<void> => {
    await wait(ms);
    ran.push(`${name}@${clock.nowMs()}`);
    await wait(ms);
    ran.push(`${name}@${clock.nowMs()}`);
  };
  const all = Promise.all([work("a", 10), work("b", 15)]);
  await clock.advanceAsync(40);
  await all;
  expect(ran).toEqual(["a@10", "b@15", "a@20", "b@30"]);
  expect(clock.nowMs()).toBe(40);
});

test("a wall clock that is set moves no duration and no timer", () => {
  const clock = createFakeClock(10_000);
  const ran: number[] = [];
  clock.after(100, () => ran.push(clock.monotonicMs()));
  clock.stepWallClock(-3_600_000);
  clock.advance(100);
  expect(clock.nowMs()).toBe(10_100 - 3_600_000);
  expect(ran).toEqual([100]);
});
