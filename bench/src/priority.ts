import { constants, getPriority, setPriority } from "node:os";

/**
 * Lets the calling thread go before others until it is disposed: a generator of load that waits for a core measures itself.
 * Changes nothing where that is not permitted (on Linux it takes `CAP_SYS_NICE`).
 */
export function goFirst(): Disposable {
  const before = getPriority();
  set(constants.priority.PRIORITY_HIGH);
  return { [Symbol.dispose]: () => set(before) };
}

/** 0 is the calling thread, on Linux. */
function set(priority: number): void {
  try {
    setPriority(0, priority);
  } catch {
    // Not permitted.
  }
}
