import type { Host } from "./host.ts";
import { LeaseTable, type Lease } from "./lease-table.ts";
import { RecentData } from "./recent-data.ts";
import type { LockReader, Snapshot } from "./record.ts";

/**
 * What the journal says, in the memory of this process. Each process has its own, and reads what others have written before
 * it decides anything; all of them say the same, since it is a function of the records.
 */
export class Replica implements LockReader {
  readonly recent = new RecentData();
  readonly leases: LeaseTable;
  lastVersion = 0;
  lastToken = 0;
  /** There is a list, or was one: a deletion must look for it. */
  usesLists = false;
  bootId = "";
  /** The generation that is to be compacted. */
  frozen: number | undefined;

  constructor(host: Host) {
    this.leases = new LeaseTable(host);
  }

  clear(): void {
    this.recent.clear();
    this.frozen = undefined;
    this.restore({ previousBytes: 0, lastVersion: 0, lastToken: 0, usesLists: false, bootId: "", leases: [] });
  }

  snapshot(previousBytes: number): Snapshot {
    const { lastVersion, lastToken, usesLists, bootId, leases } = this;
    return { previousBytes, lastVersion, lastToken, usesLists, bootId, leases: leases.all() };
  }

  restore({ lastVersion, lastToken, usesLists, bootId, leases }: Snapshot): void {
    this.lastVersion = lastVersion;
    this.lastToken = lastToken;
    this.usesLists = usesLists;
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

  useLists(): void {
    this.usesLists = true;
  }

  acquire(lock: string, lease: Lease): void {
    this.leases.put(lock, lease);
  }

  extend(lock: string, endsAtMs: number, leaseMs: number): void {
    this.leases.extend(lock, endsAtMs, leaseMs);
  }

  release(lock: string, atMs: number): void {
    this.leases.release(lock, atMs);
  }

  boot(bootId: string, atMs: number): void {
    this.bootId = bootId;
    this.leases.endAll(atMs);
  }
}
