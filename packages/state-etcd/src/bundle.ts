import type { GroupResult } from "@acteon/state";
import type { EtcdOperation } from "./etcd-operation.ts";
import type { Slot } from "./slot.ts";

/** One call of `apply`, until the last of its groups has an answer. */
export interface PendingCall {
  /** Monotonic: it is answered by then. */
  readonly untilMs: number;
  answer(index: number, result: GroupResult): void;
  fail(error: unknown): void;
}

export interface PendingGroup {
  readonly group: readonly EtcdOperation[];
  readonly call: PendingCall;
  /** Its place in the call. */
  readonly index: number;
}

/** Most keys of one bundle: each may be up to three of etcd, which takes 127 within one transaction. */
const maxBundleKeys = 40;

/**
 * Groups that share keys, in their order: they are decided together, and travel as one nested transaction, since etcd takes no
 * two writes of one key in a transaction. No key is in two bundles that have departed and are not done: a later one follows.
 */
export class Bundle {
  groups: PendingGroup[] = [];
  readonly slots: Slot[] = [];
  /** Those that wait for this one. */
  readonly followers: Bundle[] = [];
  /** How many it waits for. */
  waitsFor = 0;
  /** Decided once: nothing joins it any more. */
  departed = false;
  /** Follows a bundle that had no room, or is followed by one: it stays as it is, so that no two wait for each other. */
  #tied = false;

  /** Puts a group into the bundle that its keys are in already, if that has room and has not departed, else into a new one. */
  static place(pending: PendingGroup, slots: readonly Slot[]): Bundle {
    const earlier = new Set<Bundle>();
    for (const { bundle } of slots) if (bundle !== undefined) earlier.add(bundle);
    const gathering = earlier.size === 0 ? [] : [...earlier].filter(({ departed }) => !departed);
    const [only] = gathering;
    const joins = gathering.length === 1 && only !== undefined && only.#hasRoom(slots.length);
    const bundle = joins ? only : new Bundle();
    for (const each of earlier) if (each !== bundle) bundle.#follow(each);
    bundle.groups.push(pending);
    for (const slot of slots) {
      if (slot.bundle === bundle) continue;
      slot.bundle = bundle;
      bundle.slots.push(slot);
    }
    return bundle;
  }

  /** It is done. @returns Those that waited for nothing else. */
  leave(): readonly Bundle[] {
    for (const slot of this.slots) if (slot.bundle === this) slot.bundle = undefined;
    return this.followers.filter((follower) => --follower.waitsFor === 0);
  }

  #hasRoom(keys: number): boolean {
    return !this.#tied && this.slots.length + keys <= maxBundleKeys;
  }

  #follow(earlier: Bundle): void {
    if (earlier.followers.includes(this)) return;
    earlier.followers.push(this);
    this.waitsFor++;
    if (earlier.departed) return;
    earlier.#tied = true;
    this.#tied = true;
  }
}
