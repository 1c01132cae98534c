import { parentPort } from "node:worker_threads";
import { goFirst } from "./priority.ts";
import type { TickRequest } from "./ticker.ts";

goFirst();

/** Sends the number of each tick when it is due, and sleeps between them: a thread can wait for a fraction of a ms, a timer cannot. */
parentPort?.on("message", ({ startedAtMs, perSecond, count }: TickRequest) => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let tick = 0; tick < count; tick++) {
    const dueAtMs = startedAtMs + (tick / perSecond) * 1_000;
    const waitMs = dueAtMs - (performance.timeOrigin + performance.now());
    if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
    parentPort?.postMessage(tick);
  }
});
