import { StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { GroupResult } from "@acteon/state";
import { Bundle } from "./bundle.ts";
import type { PendingCall } from "./bundle.ts";
import { decide, nextRevision } from "./decide.ts";
import type { Decision, LeaseView, WriteEnd } from "./decide.ts";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import { isLeaseLost } from "./etcd-errors.ts";
import { slotsOf } from "./etcd-operation.ts";
import type { EtcdOperation } from "./etcd-operation.ts";
import type { HeldLeases } from "./held-leases.ts";
import { absentEntry, knownFrom } from "./known-entry.ts";
import type { KnownEntry } from "./known-entry.ts";
import type { LeasePool } from "./lease-pool.ts";
import { encodeRecord } from "./record.ts";
import type { RevisionLog } from "./revision-log.ts";
import { Slot } from "./slot.ts";
import type { Cell, SlotTable } from "./slot.ts";
import type { StoreClock } from "./store-clock.ts";
import { countOperations, decodeTxn, encodeTxn } from "./txn-message.ts";
import type { NestedOutcome, NestedTxn, TxnWrite } from "./txn-message.ts";

/** etcd's default `--max-txn-ops`: it counts the requests within one, plus the operations of the largest transaction of them. */
const maxOperations = 128;
/** An operation is up to three keys of etcd. */
const maxGroupOperations = 40;
/** Most that is put into one request, of the 1.5 MiB that etcd takes; a single bundle may be larger. */
const maxRequestBytes = 1_048_576;

export interface TransactionPorts {
  readonly client: EtcdClient;
  readonly slots: SlotTable;
  /** See `encodeTxn`. */
  readonly touched: string;
  readonly leases: LeasePool;
  readonly held: HeldLeases;
  readonly revisions: RevisionLog;
  readonly clock: Clock;
  /** By which records with a TTL expire. */
  readonly storeClock: Pick<StoreClock, "nowMs">;
  readonly callTimeoutMs: number;
}

/** A bundle that is decided, and what is to be asked of etcd for it. */
interface Departure {
  readonly bundle: Bundle;
  readonly decision: Decision;
  readonly txn: NestedTxn;
  /** As `txn.reads` names them. */
  readonly reads: readonly Cell[];
  readonly bytes: number;
  readonly nowMs: number;
}

/**
 * Carries groups out. Each bundle is decided over what this process last saw, and becomes a transaction of its own within one
 * request: "if that is still there, write this, else read what is there". So most calls take one trip; who believed what is no
 * longer true decides once more over what was read, which ends it if nothing is to be written, and goes again if something is.
 */
export class TransactionLine {
  readonly #ports: TransactionPorts;
  readonly #leaseView: LeaseView;
  #ready: Bundle[] = [];

  constructor(ports: TransactionPorts) {
    this.#ports = ports;
    this.#leaseView = { leftMs: (lock, entry) => this.#leaseLeftMs(lock, entry) };
  }

  /** @throws {StateUnavailableError} No answer: each of the groups may or may not have taken effect. */
  apply(groups: readonly (readonly EtcdOperation[])[]): Promise<readonly GroupResult[]> {
    for (const { length } of groups)
      if (length > maxGroupOperations)
        throw new RangeError(`a group of ${length} operations: etcd takes up to ${maxGroupOperations} in one`);
    const { promise, resolve, reject } = Promise.withResolvers<readonly GroupResult[]>();
    const results: GroupResult[] = [];
    let unanswered = groups.length;
    if (unanswered === 0) resolve(results);
    const call: PendingCall = {
      untilMs: this.#ports.clock.monotonicMs() + this.#ports.callTimeoutMs,
      answer(index, result) {
        results[index] = result;
        if (--unanswered === 0) resolve(results);
      },
      fail: reject,
    };
    for (const [index, group] of groups.entries()) {
      const bundle = Bundle.place({ group, call, index }, slotsOf(group, this.#ports.slots));
      if (bundle.waitsFor === 0 && bundle.groups.length === 1) this.#ready.push(bundle);
    }
    this.#depart();
    return promise;
  }

  /** Sends what waits for nothing; what is answered without being sent may be what others waited for. */
  #depart(): void {
    while (this.#ready.length > 0) this.#departOnce(this.#ready.splice(0));
  }

  #departOnce(bundles: readonly Bundle[]): void {
    let departures: Departure[] = [];
    let bytes = 0;
    let largest = 0;
    for (const bundle of bundles) {
      if (bundle.waitsFor > 0) continue; // since it was ready a group joined it that has to wait
      const departure = this.#guarded(bundle, () => this.#decide(bundle));
      if (departure === undefined) continue;
      const operations = Math.max(largest, countOperations(departure.txn));
      const isFull = departures.length + 2 + operations > maxOperations || bytes + departure.bytes > maxRequestBytes;
      if (isFull && departures.length > 0) {
        this.#send(departures, bytes);
        departures = [];
        bytes = 0;
        largest = 0;
      }
      departures.push(departure);
      bytes += departure.bytes;
      largest = Math.max(largest, countOperations(departure.txn));
    }
    if (departures.length > 0) this.#send(departures, bytes);
  }

  /** `undefined`: the bundle is answered, or waits for a lease. */
  #decide(bundle: Bundle): Departure | undefined {
    bundle.departed = true;
    this.#failLate(bundle);
    const nowMs = this.#ports.storeClock.nowMs();
    const decision = this.#decideAt(bundle, { nowMs, revision: nextRevision });
    if (decision.conditions.length === 0 && decision.writes.size === 0) {
      this.#answer(bundle, decision);
      return undefined;
    }
    const writes: TxnWrite[] = [];
    let bytes = 64;
    for (const [{ raw }, { record, end }] of decision.writes) {
      const lease = record === undefined ? 0 : this.#ports.leases.find(end);
      if (lease === undefined) {
        this.#provide(bundle, end);
        return undefined;
      }
      const value = record === undefined ? undefined : encodeRecord(record);
      writes.push({ key: raw, value, lease });
      bytes += raw.length + (value?.length ?? 0) + 32;
    }
    for (const { key } of decision.conditions) bytes += 2 * key.length + 48;
    const reads = [...decision.reads];
    const txn = { conditions: decision.conditions, writes, reads: reads.map(({ raw }) => raw) };
    return { bundle, decision, txn, reads, bytes, nowMs };
  }

  /** Damaged data, or a fault of ours, fails the groups that met it, and no others. */
  #guarded<Outcome>(bundle: Bundle, run: () => Outcome): Outcome | undefined {
    try {
      return run();
    } catch (error) {
      this.#fail(bundle, error);
      return undefined;
    }
  }

  #decideAt(bundle: Bundle, moment: { readonly nowMs: number; readonly revision: number }): Decision {
    const groups = bundle.groups.map(({ group }) => group);
    return decide(groups, this.#ports.slots, this.#leaseView, moment);
  }

  #provide(bundle: Bundle, end: WriteEnd): void {
    this.#ports.leases.provide(end).then(
      () => {
        this.#ready.push(bundle);
        this.#depart();
      },
      (error: unknown) => {
        this.#fail(bundle, error);
        this.#depart();
      },
    );
  }

  #send(departures: readonly Departure[], bytes: number): void {
    const { client, clock } = this.#ports;
    const sentAtMs = clock.monotonicMs();
    let untilMs = Infinity;
    for (const { bundle } of departures)
      for (const { call } of bundle.groups) untilMs = Math.min(untilMs, call.untilMs);
    const request = encodeTxn(
      departures.map(({ txn }) => txn),
      { touched: this.#ports.touched, expectedBytes: bytes + 256 },
    );
    client.call("KV/Txn", request, decodeTxn, untilMs).then(
      ({ revision, outcomes }) => {
        this.#ports.revisions.saw(revision);
        for (const [i, departure] of departures.entries())
          this.#guarded(departure.bundle, () =>
            this.#arrive(departure, outcomes[i] as NestedOutcome, { revision, sentAtMs }),
          );
        this.#depart();
      },
      (error: unknown) => {
        for (const departure of departures) this.#lose(departure, error, sentAtMs);
        this.#depart();
      },
    );
  }

  #arrive(
    { bundle, reads, nowMs }: Departure,
    outcome: NestedOutcome,
    { revision, sentAtMs }: { readonly revision: number; readonly sentAtMs: number },
  ): void {
    if (outcome.kind === "written") {
      const final = this.#decideAt(bundle, { nowMs, revision });
      this.#remember(final, revision, sentAtMs);
      this.#answer(bundle, final);
      return;
    }
    this.#doubt(bundle);
    for (const [i, cell] of reads.entries()) {
      this.#ports.slots.remember(cell, knownFrom(outcome.reads[i]));
      cell.believed = cell.entry;
    }
    // What was read was there at one moment: where nothing is to be written, that settles it.
    const settled = this.#decideAt(bundle, { nowMs, revision: nextRevision });
    const isWhole = [...settled.reads].every((cell) => reads.includes(cell));
    if (isWhole && settled.writes.size === 0 && settled.results.length === bundle.groups.length) {
      this.#remember(settled, revision, sentAtMs);
      this.#answer(bundle, settled);
    } else this.#ready.push(bundle);
  }

  /** What the transaction wrote is what stands now, as far as this process knows. */
  #remember({ writes }: Decision, revision: number, sentAtMs: number): void {
    const { slots } = this.#ports;
    for (const [cell, { record }] of writes) {
      const createRevision = (cell.believed?.createRevision ?? 0) || revision;
      slots.remember(cell, record === undefined ? absentEntry : { createRevision, modRevision: revision, record });
    }
    this.#holdLocks(writes, { modRevision: revision, sentAtMs });
  }

  /** @param write.modRevision `undefined`: nobody knows whether it happened. */
  #holdLocks(
    writes: Decision["writes"],
    { modRevision, sentAtMs }: { readonly modRevision: number | undefined; readonly sentAtMs: number },
  ): void {
    const { held } = this.#ports;
    for (const [cell, { record }] of writes) {
      if (!(cell instanceof Slot)) continue;
      if (record?.kind === "lock")
        held.begin(cell, { owner: record.owner, modRevision, leaseMs: record.leaseMs, sentAtMs });
      else if (modRevision !== undefined) held.end(cell);
    }
  }

  /** Gives the groups that were decided their results; those behind them, if any, go again. */
  #answer(bundle: Bundle, { results }: Decision): void {
    const answered = bundle.groups.splice(0, results.length);
    for (const [i, { call, index }] of answered.entries()) call.answer(index, results[i] as GroupResult);
    if (bundle.groups.length > 0) {
      this.#doubt(bundle);
      this.#ready.push(bundle);
    } else this.#leave(bundle);
  }

  #leave(bundle: Bundle): void {
    this.#ready.push(...bundle.leave());
    for (const slot of bundle.slots)
      if (slot.bundle === undefined) this.#ports.slots.release(slot);
      else this.#ports.slots.settle(slot);
  }

  /** What its keys were believed to hold is no longer gone by. */
  #doubt(bundle: Bundle): void {
    for (const slot of bundle.slots) this.#ports.slots.settle(slot);
  }

  /** Nobody knows what became of it, unless etcd said that it did nothing for want of a lease. */
  #lose({ bundle, decision }: Departure, error: unknown, sentAtMs: number): void {
    if (error instanceof EtcdCallError && isLeaseLost(error.failure)) {
      this.#ports.leases.suspectAll();
      this.#ready.push(bundle);
      return;
    }
    for (const slot of bundle.slots) this.#ports.slots.forget(slot);
    // A lock that may have been taken is ended all the same when its lease is over (guarantees L7).
    this.#holdLocks(decision.writes, { modRevision: undefined, sentAtMs });
    this.#fail(bundle, error);
  }

  #fail(bundle: Bundle, error: unknown): void {
    const cause = error instanceof EtcdCallError ? error.toUnavailable() : error;
    for (const { call } of bundle.groups.splice(0)) call.fail(cause);
    this.#leave(bundle);
  }

  /** Groups whose time is up before they left: nothing of them took effect, but that is for nobody to build on. */
  #failLate(bundle: Bundle): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (bundle.groups.every(({ call }) => call.untilMs > nowMs)) return;
    const late = new StateUnavailableError(
      `no answer within ${this.#ports.callTimeoutMs} ms: its keys were busy all the while`,
    );
    for (const { call } of bundle.groups) if (call.untilMs <= nowMs) call.fail(late);
    bundle.groups = bundle.groups.filter(({ call }) => call.untilMs > nowMs);
  }

  /** By our own count of a lease that we gave; of another's, by how long ago we saw the lock as it is (guarantees L6). */
  #leaseLeftMs({ held }: Slot, { record, modRevision }: KnownEntry): number | undefined {
    if (record?.kind !== "lock") return undefined;
    const { clock, revisions } = this.#ports;
    const beganAtMs = revisions.seenAtMs(modRevision);
    const isOurs = held !== undefined && held.modRevision === modRevision;
    const endsAtMs = isOurs ? held.endsAtMs : beganAtMs === undefined ? undefined : beganAtMs + record.leaseMs;
    return endsAtMs === undefined ? undefined : Math.ceil(endsAtMs - clock.monotonicMs());
  }
}
