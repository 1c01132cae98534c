import type { Clock } from "./clock.ts";

/** Node's timers take a delay as a signed 32-bit number of ms, 24.8 days, and fire at once past it. */
const longestTimerMs = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    let timer: NodeJS.Timeout;
    const wait = (remainingMs: number): void => {
      timer =
        remainingMs > longestTimerMs
          ? setTimeout(() => wait(remainingMs - longestTimerMs), longestTimerMs)
          : setTimeout(run, Math.max(0, remainingMs)); // Node warns of what is past, as after a standstill
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
  defer(run) {
    setImmediate(run);
  },
};
