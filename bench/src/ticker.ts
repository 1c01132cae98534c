import { Worker } from "node:worker_threads";

export interface TickRequest {
  /** Epoch ms, with its fraction. */
  readonly startedAtMs: number;
  readonly perSecond: number;
  readonly count: number;
}

/**
 * Calls `onTick` at a steady rate with the time at which the tick was due (on `performance.now`), for as many as there are.
 * Costs next to no CPU: the machine is that of what is measured.
 */
export async function ticks(
  { perSecond, count }: Omit<TickRequest, "startedAtMs">,
  onTick: (tick: number, dueMs: number) => void,
): Promise<void> {
  const worker = new Worker(new URL("ticker-worker.ts", import.meta.url));
  const startedMs = performance.now();
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (tick: number) => {
        onTick(tick, startedMs + (tick / perSecond) * 1_000);
        if (tick === count - 1) resolve();
      });
      worker.postMessage({ startedAtMs: performance.timeOrigin + startedMs, perSecond, count } satisfies TickRequest);
    });
  } finally {
    await worker.terminate();
  }
}
