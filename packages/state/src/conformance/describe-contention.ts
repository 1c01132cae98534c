import { describe, expect, test } from "vitest";
import { contend, orderOfWaiters } from "./contention.ts";
import type { Contest, ContentionSubject, ContestResult } from "./contention.ts";
import { numbers } from "./load.ts";
import type { Backend } from "./subject.ts";

/** Where the table of `guarantees.md` §4 says fifo. */
const fifo: readonly Backend[] = ["etcd", "zookeeper"];

/** Holds a backend to guarantees L1, L2 and L8 while many want one lock: for 10 s, or 60 s when `ACTEON_TEST_LONG` is set. */
export function describeContention(subject: ContentionSubject): void {
  const forMs = process.env["ACTEON_TEST_LONG"] === undefined ? 10_000 : 60_000;
  describe(`state: ${subject.name}`, () => {
    describe("contention", () => {
      test(
        "L1, L2, L8: of 50 contenders in five clients one at a time holds the lock, tokens grow with each, and no herd runs",
        { timeout: forMs + 30_000 },
        async ({ task }) => {
          const contest: Contest = { contenders: 50, forMs, withinApply: 0 };
          const result = await contend(subject, contest);
          task.meta.note = noteOf(result, contest);
          expect(result.requests.herds).toBe(0);
        },
      );

      test(
        "L1: contenders within apply and contenders by name exclude each other",
        { timeout: forMs / 5 + 30_000 },
        async ({ task }) => {
          const contest: Contest = { contenders: 12, forMs: forMs / 5, withinApply: 6 };
          const result = await contend(subject, contest);
          task.meta.note = noteOf(result, contest);
          const [within, byName] = [result.shares.slice(0, 6), result.shares.slice(6)];
          expect([Math.max(...within), Math.max(...byName)]).not.toContain(0);
        },
      );

      if (fifo.includes(subject.backend))
        test(
          "L8: waiters of five clients get the lock in the order in which they came",
          { timeout: 60_000 },
          async () => {
            expect(await orderOfWaiters(subject, 400)).toEqual(numbers(10));
          },
        );
    });
  });
}

function noteOf({ handOvers, requests, shares }: ContestResult, { contenders, forMs }: Contest): string {
  return (
    `${handOvers} hand-overs in ${forMs / 1_000} s, ${requests.mean.toFixed(1)} requests each, at most ${requests.most}; ` +
    `${Math.min(...shares)} to ${Math.max(...shares)} to each of ${contenders} contenders`
  );
}
