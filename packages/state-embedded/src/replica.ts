import type { Host } from "./host.ts";
import { LeaseTable, type Lease } from "./lease-table.ts";
import { RecentData } from "./recent-data.ts";
import type { Feature, LockReader, Snapshot } from "./record.ts";

/**
 * What the journal says, in the memory of this process. Each process has its own, and reads what others have written before
 * it decides anything; all of them say the same, since it is a function of the records.
 */
export class Replica implements LockReader {
  readonly recent = new RecentData();
  readonly leases: LeaseTable;
  lastVersion = 0;
  lastToken = 0;
  readonly features = new Set<Feature>();
  bootId = "";
  /** The generation that is to be compacted. */
  frozen: number | undefined;

  constructor(host: Host) {
    this.leases = new LeaseTable(host);
  }

  clear(): void {
    this.recent.clear();
    this.frozen = undefined;
    this.restore({ previousBytes: 0, lastVersion: 0, lastToken: 0, features: [], bootId: "", leases: [] });
  }

  snapshot(previousBytes: number): Snapshot {
    const { lastVersion, lastToken, features, bootId, leases } = this;
    return { previousBytes, lastVersion, lastToken, features, bootId, leases: leases.all() };
  }

  restore({ lastVersion, lastToken, features, bootId, leases }: Snapshot): void {
    this.lastVersion = lastVersion;
    this.lastToken = lastToken;
    const used = [...features]; // which may be these very ones
    this.features.clear();
    for (const feature of used) this.features.add(feature);
    this.bootId = bootId;
    this.leases.replaceAll(leases);
  }

  /** That generation is written no more. */
  freeze(generation: number): void {
    this.recent.freeze();
    this.frozen = generation;
  }

  drop(generation: number): void {
    if (this.frozen !== generation) return;
    this.recent.dropFrozen();
    this.frozen = undefined;
  }

  count(lastVersion: number, lastToken: number): void {
    this.lastVersion = lastVersion;
    this.lastToken = lastToken;
  }

  use(feature: Feature): void {
    this.features.add(feature);
  }

  acquire(lock: string, lease: Lease): void {
    this.leases.readTaken(lock, lease);
  }

  extend(lock: string, endsAtMs: number, leaseMs: number): void {
    this.leases.readExtended(lock, endsAtMs, leaseMs);
  }

  release(lock: string): void {
    this.leases.readReleased(lock);
  }

  boot(bootId: string, atMs: number): void {
    this.bootId = bootId;
    this.leases.endAll(atMs);
  }
}
