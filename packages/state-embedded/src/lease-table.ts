import { ProbeTable, collapsedHash, hashOfKeyText } from "@acteon/state";
import type { StateKey } from "@acteon/state";
import type { Host } from "./host.ts";

/** A lock as the journal names it. */
export interface LockName {
  /** `StateKey.text`. */
  readonly text: string;
  /** The same for one text, however it came here. */
  readonly hash: number;
}

export function nameOf(lock: StateKey): LockName {
  return lock.text === lock.fullText ? lock : { text: lock.text, hash: collapsedHash };
}

/** @param text Of a record, perhaps of another process. */
function nameIn(text: string): LockName {
  return { text, hash: hashOfKeyText(text) };
}

export interface Lease {
  /** Empty once the machine was started anew. */
  readonly owner: string;
  /** `Host.process` of the one that took it. */
  readonly process: string;
  readonly token: number;
  /** `Host.sinceBootMs`. */
  readonly endsAtMs: number;
  readonly leaseMs: number;
  /** Its token is remembered after its end, because writes carry it (guarantees L3). */
  readonly isFenced: boolean;
}

/** How long after its last lease a fenced lock's token is remembered: far longer than any holder of a stale one lives (guarantees L2). */
export const tokenRetentionMs = 24 * 60 * 60 * 1_000;

/** For how long a process that was seen alive is taken to be so: asking the system costs more than everything else here. */
const seenAliveMs = 50;

interface NamedLease {
  readonly key: LockName;
  readonly lease: Lease;
}

class LeasesByName extends ProbeTable<LockName, NamedLease> {
  protected override isSame(a: LockName, b: LockName): boolean {
    return a.text === b.text;
  }

  protected override textOf(name: LockName): string {
    return name.text;
  }
}

/**
 * Leases that were not released, by the name of their lock: those that live, and of late those that are over. They are few,
 * and live in memory and journal only.
 */
export class LeaseTable {
  readonly #host: Host;
  #leases = new LeasesByName();
  /** When a process was last seen alive, by `Host.process`. */
  readonly #seenAliveAtMs = new Map<string, number>();

  constructor(host: Host) {
    this.#host = host;
  }

  find(lock: LockName): Lease | undefined {
    return this.#leases.get(lock)?.lease;
  }

  put(lock: LockName, lease: Lease): void {
    this.#leases.set({ key: lock, lease });
  }

  remove(lock: LockName): void {
    this.#leases.delete(lock);
  }

  /** What a record says: that lock was taken. */
  readTaken(lock: string, lease: Lease): void {
    this.put(nameIn(lock), lease);
  }

  readExtended(lock: string, endsAtMs: number, leaseMs: number): void {
    const name = nameIn(lock);
    const lease = this.find(name);
    if (lease !== undefined) this.put(name, { ...lease, endsAtMs, leaseMs });
  }

  readReleased(lock: string): void {
    this.remove(nameIn(lock));
  }

  /** Does it keep others out? Not past its end, nor once the process that took it has ended. */
  holds(lease: Lease, nowMs: number): boolean {
    return isWithin(lease, nowMs) && (lease.process === this.#host.process || this.#isAlive(lease.process, nowMs));
  }

  /** The machine was started anew: nobody holds anything. The tokens of fenced locks are remembered from here on. */
  endAll(nowMs: number): void {
    for (const { key, lease } of this.#leases.values())
      if (lease.isFenced) this.put(key, { ...lease, owner: "", endsAtMs: nowMs });
      else this.remove(key);
  }

  /** Forgets what is over, and tokens that nobody can carry any more. */
  prune(nowMs: number): void {
    this.#seenAliveAtMs.clear();
    for (const { key, lease } of this.#leases.values())
      if (!(lease.isFenced ? nowMs < lease.endsAtMs + tokenRetentionMs : this.holds(lease, nowMs))) this.remove(key);
  }

  replaceAll(leases: Iterable<readonly [string, Lease]>): void {
    this.#leases = new LeasesByName();
    for (const [lock, lease] of leases) this.readTaken(lock, lease);
  }

  all(): readonly (readonly [lock: string, lease: Lease])[] {
    return Array.from(this.#leases.values(), ({ key, lease }) => [key.text, lease] as const);
  }

  #isAlive(process: string, nowMs: number): boolean {
    const seenAtMs = this.#seenAliveAtMs.get(process);
    if (seenAtMs !== undefined && nowMs - seenAtMs < seenAliveMs) return true;
    if (this.#host.hasEnded(process)) return false;
    this.#seenAliveAtMs.set(process, nowMs);
    return true;
  }
}

/**
 * No lease ends later than a whole lease from now, but for the rounding of two clocks; one that does is of another boot,
 * which not every system lets us tell otherwise (`thisHost`).
 */
export function isWithin({ endsAtMs, leaseMs }: Lease, nowMs: number): boolean {
  return nowMs < endsAtMs && endsAtMs - nowMs <= leaseMs + 1;
}
