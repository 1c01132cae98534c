import { collectGarbage } from "@acteon/core";
import type { Clock } from "@acteon/core";

/** How long nothing must have been dispatched. */
const idleMs = 1_000;

/**
 * What a start leaves behind (sources, schemas, parsed configuration), some 12 MB, is given back in the first idle second,
 * because nobody is answered meanwhile.
 *
 * @param dispatched How many actions have come in so far.
 * @returns Ends the waiting.
 */
export function giveMemoryBack(clock: Clock, dispatched: () => number): () => void {
  let cancel = (): void => undefined;
  const wait = (): void => {
    const before = dispatched();
    cancel = clock.after(idleMs, () => (dispatched() === before ? collectGarbage() : wait()));
  };
  wait();
  return () => cancel();
}
