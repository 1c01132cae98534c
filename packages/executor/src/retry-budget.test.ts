import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

function takeAll(budget: RetryBudget, nowMs: number): number {
  let taken = 0;
  while (budget.takeRetry(nowMs) === 0) taken += 1;
  return taken;
}

describe("guarantees O4: 20 % of first attempts + 10/s over 10 s", () => {
  test("without any first attempt there are 100 retries in ten seconds", () => {
    expect(takeAll(new RetryBudget(), 500)).toBe(100);
  });

  test("1,000 first attempts add 200", () => {
    const budget = new RetryBudget();
    for (let i = 0; i < 1_000; i++) budget.countFirst(i);
    expect(takeAll(budget, 1_000)).toBe(300);
  });

  test("what was taken is free again after ten seconds, not before", () => {
    const budget = new RetryBudget();
    expect(takeAll(budget, 0)).toBe(100);
    expect(takeAll(budget, 9_999)).toBe(0);
    expect(takeAll(budget, 10_000)).toBe(100);
  });

  test("beyond the budget it says when to ask again: when the window moves on", () => {
    const budget = new RetryBudget();
    takeAll(budget, 3_250);
    expect(budget.takeRetry(3_250)).toBe(750);
    expect(budget.takeRetry(4_000)).toBe(1_000);
  });

  test("a long rest leaves nothing of the past", () => {
    const budget = new RetryBudget();
    for (let i = 0; i < 1_000; i++) budget.countFirst(0);
    takeAll(budget, 0);
    expect(takeAll(budget, 1_000_000)).toBe(100);
  });

  test("at no time are there more retries in ten seconds than the rule allows", () => {
    const event = fc.record({
      afterMs: fc.nat(700),
      kind: fc.constantFrom("first", "retry", "retry"),
      times: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const budget = new RetryBudget();
        const firsts: number[] = [];
        const retries: number[] = [];
        let nowMs = 0;
        for (const { afterMs, kind, times } of events) {
          nowMs += afterMs;
          for (let i = 0; i < times; i++) {
            if (kind === "first") {
              budget.countFirst(nowMs);
              firsts.push(nowMs);
            } else if (budget.takeRetry(nowMs) === 0) retries.push(nowMs);
          }
        }
        const inWindow = (times: number[], endMs: number) => {
          const endSecond = Math.floor(endMs / 1_000);
          return times.filter((ms) => ms <= endMs && Math.floor(ms / 1_000) > endSecond - 10).length;
        };
        for (const atMs of retries) {
          expect(inWindow(retries, atMs)).toBeLessThanOrEqual(Math.floor(inWindow(firsts, atMs + 999) * 0.2) + 100);
        }
      }),
    );
  });
});
