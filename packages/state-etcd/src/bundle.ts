import type { GroupResult } from "@acteon/state";
import type { EtcdOperation } from "./etcd-operation.ts";
import type { KnownEntry } from "./known-entry.ts";

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

/** Most keys of one bundle, so that many bundles fit into one transaction. */
export const maxBundleKeys = 60;

/**
 * Groups that share keys, in their order: they are decided together, and travel as one nested transaction, since etcd takes no
 * two writes of one key in a transaction. No key is in two bundles that are under way: a later one follows.
 */
export class Bundle {
  groups: PendingGroup[] = [];
  readonly keys = new Set<string>();
  /** Those that wait for this one. */
  readonly followers: Bundle[] = [];
  /** How many it waits for. */
  waitsFor = 0;
  /** Decided once: nothing joins it any more. */
  departed = false;
  /** Follows a bundle that had no room, or is followed by one: it stays as it is, so that no two wait for each other. */
  tied = false;
  /** What its keys were believed to hold as it was decided. */
  readonly believed = new Map<string, KnownEntry>();

  follow(earlier: Bundle): void {
    if (earlier.followers.includes(this)) return;
    earlier.followers.push(this);
    this.waitsFor++;
  }
}

/** The bundles under way, by their keys. */
export class BundleTable {
  readonly #byKey = new Map<string, Bundle>();

  /** Puts a group into a bundle that has not departed, and has room, or into a new one that follows those that it must. */
  place(pending: PendingGroup, keys: ReadonlySet<string>): { readonly bundle: Bundle; readonly isNew: boolean } {
    const gathering = new Set<Bundle>();
    const departed = new Set<Bundle>();
    for (const key of keys) {
      const bundle = this.#byKey.get(key);
      if (bundle !== undefined) (bundle.departed ? departed : gathering).add(bundle);
    }
    const [only] = gathering;
    const joins =
      gathering.size === 1 && only !== undefined && !only.tied && only.keys.size + keys.size <= maxBundleKeys;
    const bundle = joins ? only : new Bundle();
    for (const earlier of departed) bundle.follow(earlier);
    if (!joins)
      for (const earlier of gathering) {
        bundle.follow(earlier);
        earlier.tied = true;
        bundle.tied = true;
      }
    bundle.groups.push(pending);
    for (const key of keys) {
      bundle.keys.add(key);
      this.#byKey.set(key, bundle);
    }
    return { bundle, isNew: !joins };
  }

  /** The bundle is done. @returns Those that waited for nothing else. */
  remove(bundle: Bundle): readonly Bundle[] {
    for (const key of bundle.keys) if (this.#byKey.get(key) === bundle) this.#byKey.delete(key);
    return bundle.followers.filter((follower) => --follower.waitsFor === 0);
  }
}
