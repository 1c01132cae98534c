import { KeyMap, type StateKey } from "@acteon/state";
import type { Dispatch } from "./dispatch.ts";

/** Who is in, of an identity: by the key of its lock. */
interface Holder {
  readonly key: StateKey;
  readonly dispatch: Dispatch;
}

/**
 * One dispatch per identity and process goes on; the rest wait here, first come first served (`design.md` §9, 1). So the
 * same identity twice in a batch runs one after the other, and a hot one costs the store one waiter per process.
 */
export class Door {
  readonly #holders = new KeyMap<Holder>();
  readonly #maxWaiters: number;

  constructor(maxWaiters: number) {
    this.#maxWaiters = maxWaiters;
  }

  enter(dispatch: Dispatch): "entered" | "waits" | "full" {
    const holder = this.#holders.get(dispatch.lock)?.dispatch;
    if (holder === undefined) {
      this.#holders.set({ key: dispatch.lock, dispatch });
      dispatch.atDoor = true;
      return "entered";
    }
    if (holder.waiters === undefined) holder.waiters = [];
    if (holder.waiters.length >= this.#maxWaiters) return "full";
    holder.waiters.push(dispatch);
    return "waits";
  }

  /** Lets the next of this identity in, and returns it. */
  leave(dispatch: Dispatch): Dispatch | undefined {
    if (!dispatch.atDoor) return undefined;
    dispatch.atDoor = false;
    const waiters = dispatch.waiters;
    if (waiters === undefined || waiters.length === 0) {
      this.#holders.delete(dispatch.lock);
      return undefined;
    }
    const next = waiters.shift() as Dispatch;
    next.waiters = waiters;
    next.atDoor = true;
    this.#holders.set({ key: next.lock, dispatch: next });
    dispatch.waiters = undefined;
    return next;
  }

  /** A waiting dispatch gives up. */
  abandon(dispatch: Dispatch): void {
    const waiters = this.#holders.get(dispatch.lock)?.dispatch.waiters;
    const at = waiters?.indexOf(dispatch) ?? -1;
    if (at >= 0) waiters?.splice(at, 1);
  }
}
