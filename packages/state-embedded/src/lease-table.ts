import type { Host } from "./host.ts";

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

/**
 * Leases that were not released, by the text of the lock's name: those that live, and of late those that are over. They are
 * few, and live in memory and journal only.
 */
export class LeaseTable {
  readonly #host: Host;
  #leases = new Map<string, Lease>();
  /** When a process was last seen alive, by `Host.process`. */
  readonly #seenAliveAtMs = new Map<string, number>();

  constructor(host: Host) {
    this.#host = host;
  }

  find(lock: string): Lease | undefined {
    return this.#leases.get(lock);
  }

  put(lock: string, lease: Lease): void {
    this.#leases.set(lock, lease);
  }

  extend(lock: string, endsAtMs: number, leaseMs: number): void {
    const lease = this.#leases.get(lock);
    if (lease !== undefined) this.#leases.set(lock, { ...lease, endsAtMs, leaseMs });
  }

  remove(lock: string): void {
    this.#leases.delete(lock);
  }

  /** Does it keep others out? Not past its end, nor once the process that took it has ended. */
  holds(lease: Lease, nowMs: number): boolean {
    return isWithin(lease, nowMs) && (lease.process === this.#host.process || this.#isAlive(lease.process, nowMs));
  }

  /** The machine was started anew: nobody holds anything. The tokens of fenced locks are remembered from here on. */
  endAll(nowMs: number): void {
    for (const [lock, lease] of this.#leases)
      if (lease.isFenced) this.#leases.set(lock, { ...lease, owner: "", endsAtMs: nowMs });
      else this.#leases.delete(lock);
  }

  /** Forgets what is over, and tokens that nobody can carry any more. */
  prune(nowMs: number): void {
    this.#seenAliveAtMs.clear();
    for (const [lock, lease] of this.#leases)
      if (!(lease.isFenced ? nowMs < lease.endsAtMs + tokenRetentionMs : this.holds(lease, nowMs)))
        this.#leases.delete(lock);
  }

  replaceAll(leases: Iterable<readonly [string, Lease]>): void {
    this.#leases = new Map(leases);
  }

  all(): readonly (readonly [lock: string, lease: Lease])[] {
    return [...this.#leases];
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
