import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/**
 * Time that stands still until a test moves it. What is due runs in one order always: by due time, then by the order of
 * the calls; deferred work goes before timers.
 */
export interface FakeClock extends Clock {
  /** Moves both clocks on, running on the way what is deferred and what falls due; what promises wait for is not run. */
  advance(ms: number): void;
  /** The same, and lets the promises that a step resolved settle before the next step. */
  advanceAsync(ms: number): Promise<void>;
  /** Somebody sets the wall clock; durations, leases and timers do not notice. */
  stepWallClock(ms: number): void;
  /** How long until the earliest timer is due; 0 while work is deferred; `undefined` when nothing waits. */
  nextDueMs(): number | undefined;
}

interface Timer {
  readonly dueAtMs: number;
  readonly run: () => void;
}

/** @param startMs Epoch ms at the beginning; the monotonic clock begins at 0. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  const deferred: (() => void)[] = [];
  const timers: Timer[] = []; // by due time, then by the order of the calls

  const step = (untilMs: number): boolean => {
    const run = deferred.shift();
    if (run !== undefined) {
      run();
      return true;
    }
    const timer = timers[0];
    if (timer === undefined || timer.dueAtMs > untilMs) return false;
    timers.shift();
    elapsedMs = Math.max(elapsedMs, timer.dueAtMs);
    timer.run();
    return true;
  };

  return {
    nowMs: () => Math.floor(elapsedMs + wallOffsetMs),
    monotonicMs: () => elapsedMs,
    after(delayMs, run) {
      const timer = { dueAtMs: elapsedMs + Math.max(0, delayMs), run };
      const later = timers.findIndex(({ dueAtMs }) => dueAtMs > timer.dueAtMs);
      timers.splice(later === -1 ? timers.length : later, 0, timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at !== -1) timers.splice(at, 1);
      };
    },
    defer(run) {
      deferred.push(run);
    },
    advance(ms) {
      const untilMs = elapsedMs + ms;
      while (step(untilMs));
      elapsedMs = Math.max(elapsedMs, untilMs);
    },
    async advanceAsync(ms) {
      const untilMs = elapsedMs + ms;
      do await endOfTurn();
      while (step(untilMs));
      elapsedMs = Math.max(elapsedMs, untilMs);
    },
    stepWallClock(ms) {
      wallOffsetMs += ms;
    },
    nextDueMs() {
      if (deferred.length > 0) return 0;
      return timers[0] === undefined ? undefined : timers[0].dueAtMs - elapsedMs;
    },
  };
}
