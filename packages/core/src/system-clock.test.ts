import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

describe("timers of the system clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const dayMs = 86_400_000;

  test.each([1, dayMs, 2 ** 31 - 1, 2 ** 31, 30 * dayMs, 366 * dayMs])(
    "a delay of %d ms ends then, not at once (§8 row 27)",
    (delayMs) => {
      const run = vi.fn();
      systemClock.after(delayMs, run);
      vi.advanceTimersByTime(delayMs - 1);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledOnce();
    },
  );

  test("a long delay can be cancelled at any time, and leaves no timer", () => {
    const cancel = systemClock.after(60 * dayMs, () => expect.unreachable());
    vi.advanceTimersByTime(40 * dayMs);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("what should have been before now is at once, and no warning of Node's", async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): void => void warnings.push(name);
  process.on("warning", onWarning);
  await new Promise<void>((resolve) => systemClock.after(-9_315, resolve));
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("the monotonic clock does not step back", () => {
  const readings = Array.from({ length: 1_000 }, () => systemClock.monotonicMs());
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});

test("deferred work runs after what promises wait for", async () => {
  const ran: string[] = [];
  await new Promise<void>((resolve) => {
    systemClock.defer(() => {
      ran.push("deferred");
      resolve();
    });
    void Promise.resolve().then(() => Promise.resolve().then(() => ran.push("promise")));
  });
  expect(ran).toEqual(["promise", "deferred"]);
});
