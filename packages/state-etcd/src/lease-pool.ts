import type { Clock, Random } from "@acteon/core";
import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { WriteEnd } from "./decide.ts";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import { decodeLease, encodeGrant, encodeLeaseId } from "./lease-messages.ts";

/** A lease of etcd that is renewed for as long as the process lives; locks hang on it. */
interface KeptLease {
  readonly id: number;
  readonly ttlSeconds: number;
  /** Monotonic: etcd keeps it at least until then. */
  keptUntilMs: number;
  cancelRenewal: () => void;
  /** The renewal that is not yet answered. */
  renewal: Renewal | undefined;
}

interface Renewal {
  readonly sentAtMs: number;
  readonly promise: Promise<void>;
  end(error?: EtcdCallError): void;
}

/** A lease that nobody renews: what hangs on it goes once nobody can see it any more. */
interface GarbageLease {
  readonly id: number;
  readonly endsAtMs: number;
  keys: number;
}

/** Longest that is waited for etcd to end the leases of a store that is disposed of; it ends them by itself soon. */
const maxFarewellMs = 1_000;
/** How many keys end with one lease: etcd deletes them in one step, during which nothing else happens there. */
const maxKeysPerLease = 2_000;
/** Shortest class of garbage, and by how much every record is outlived. */
const shortestGarbageSeconds = 64;
const garbageMarginSeconds = 10;
/** What lives for longer is nobody's garbage: 30 years. etcd grants leases of up to 285. */
const maxGarbageMs = 30 * 365 * 24 * 3_600_000;

/**
 * The leases of one process in etcd, few however many locks and records hang on them: one per length class, renewed at a sixth
 * of its life, for locks (a lock's own lease is shorter); and one after another
 * per length class for records with a TTL.
 */
export class LeasePool {
  readonly #client: EtcdClient;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #callTimeoutMs: number;
  /** By `ttlSeconds`. */
  readonly #kept = new Map<number, KeptLease>();
  /** By the seconds that it must still last for a record to hang on it. */
  readonly #garbage = new Map<number, GarbageLease>();
  /** Grants under way, so that callers at the same time share one. */
  readonly #grants = new Map<string, Promise<void>>();
  #stream: ClientDuplexStream<Buffer, Buffer> | undefined;
  #closed = false;

  constructor(
    client: EtcdClient,
    {
      clock,
      random,
      callTimeoutMs,
    }: { readonly clock: Clock; readonly random: Random; readonly callTimeoutMs: number },
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#callTimeoutMs = callTimeoutMs;
  }

  /** The id of a lease for what ends so; 0 for none; `undefined`: there is none yet, and `provide` gets it. */
  find(end: WriteEnd): number | undefined {
    if (end.kind === "never" || (end.kind === "garbage" && end.livesMs > maxGarbageMs)) return 0;
    if (end.kind === "lock") return this.#keeps(end.leaseMs) ? this.#kept.get(keptSeconds(end.leaseMs))?.id : undefined;
    const seconds = garbageSeconds(end.livesMs);
    const lease = this.#garbage.get(seconds);
    if (lease === undefined || lease.keys >= maxKeysPerLease) return undefined;
    if (lease.endsAtMs - this.#clock.monotonicMs() < seconds * 1_000) return undefined;
    lease.keys++;
    return lease.id;
  }

  /** Is a lock of that length kept at least that long, even if the process stops now? */
  #keeps(leaseMs: number): boolean {
    const lease = this.#kept.get(keptSeconds(leaseMs));
    return lease !== undefined && lease.keptUntilMs - this.#clock.monotonicMs() >= leaseMs;
  }

  /** @throws {EtcdCallError} */
  async provide(end: WriteEnd): Promise<void> {
    if (end.kind === "never") return;
    if (end.kind === "garbage")
      return this.#once(`garbage ${garbageSeconds(end.livesMs)}`, () => this.#grantGarbage(end.livesMs));
    const seconds = keptSeconds(end.leaseMs);
    const lease = this.#kept.get(seconds);
    if (lease !== undefined) await this.#renew(lease);
    if (!this.#keeps(end.leaseMs)) await this.#once(`kept ${seconds}`, () => this.#grantKept(seconds));
  }

  /** etcd does not know a lease that was used: each is looked at before it is used again. */
  suspectAll(): void {
    this.#garbage.clear();
    for (const lease of this.#kept.values()) lease.keptUntilMs = -Infinity;
  }

  /** Ends what hangs on this process's life, as far as etcd answers. */
  async close(): Promise<void> {
    this.#closed = true;
    const ids = [...this.#kept.values()].map(({ id }) => id);
    for (const lease of this.#kept.values()) this.#forget(lease);
    this.#stream?.cancel();
    const untilMs = this.#clock.monotonicMs() + Math.min(this.#callTimeoutMs, maxFarewellMs);
    const revoke = (id: number) => this.#client.call("Lease/LeaseRevoke", encodeLeaseId(id), decodeLease, untilMs);
    await Promise.allSettled(ids.map(revoke));
  }

  #once(name: string, grant: () => Promise<void>): Promise<void> {
    const underWay = this.#grants.get(name);
    if (underWay !== undefined) return underWay;
    const started = grant().finally(() => this.#grants.delete(name));
    this.#grants.set(name, started);
    return started;
  }

  async #grantGarbage(livesMs: number): Promise<void> {
    const seconds = garbageSeconds(livesMs);
    const sentAtMs = this.#clock.monotonicMs();
    const ttlSeconds = Math.ceil(1.5 * seconds);
    const id = await this.#grant(ttlSeconds);
    this.#garbage.set(seconds, { id, endsAtMs: sentAtMs + provableMs(ttlSeconds), keys: 0 });
  }

  async #grantKept(ttlSeconds: number): Promise<void> {
    const sentAtMs = this.#clock.monotonicMs();
    const id = await this.#grant(ttlSeconds);
    const lease: KeptLease = {
      id,
      ttlSeconds,
      keptUntilMs: sentAtMs + provableMs(ttlSeconds),
      cancelRenewal: () => {},
      renewal: undefined,
    };
    const former = this.#kept.get(ttlSeconds);
    if (former !== undefined) this.#forget(former);
    this.#kept.set(ttlSeconds, lease);
    this.#arm(lease, ttlSeconds * renewalShareMs);
  }

  async #grant(ttlSeconds: number): Promise<number> {
    const id = 1 + Math.floor(this.#random.next() * Number.MAX_SAFE_INTEGER);
    await this.#client.call("Lease/LeaseGrant", encodeGrant(id, ttlSeconds), decodeLease);
    return id;
  }

  #arm(lease: KeptLease, delayMs: number): void {
    lease.cancelRenewal();
    if (this.#closed || this.#kept.get(lease.ttlSeconds) !== lease) return;
    lease.cancelRenewal = this.#clock.after(delayMs, () => {
      this.#renew(lease).then(
        () => this.#arm(lease, lease.ttlSeconds * renewalShareMs),
        () => this.#arm(lease, Math.min(1_000, lease.ttlSeconds * renewalShareMs)),
      );
    });
  }

  /** Resolves once etcd has renewed the lease, or said that it is over, and it is forgotten. */
  #renew(lease: KeptLease): Promise<void> {
    if (lease.renewal !== undefined) return lease.renewal.promise;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(this.#callTimeoutMs, () => this.#breakStream("no answer to a lease's renewal"));
    lease.renewal = {
      sentAtMs: this.#clock.monotonicMs(),
      promise,
      end: (error) => {
        cancel();
        lease.renewal = undefined;
        if (error === undefined) resolve();
        else reject(error);
      },
    };
    this.#openStream().write(encodeLeaseId(lease.id));
    return promise;
  }

  #openStream(): ClientDuplexStream<Buffer, Buffer> {
    if (this.#stream !== undefined) return this.#stream;
    const stream = this.#client.stream("Lease/LeaseKeepAlive");
    this.#stream = stream;
    stream.on("data", (reply: Buffer) => this.#renewed(decodeLease(reply)));
    stream.on("error", (error) => this.#breakStream(error.message));
    stream.on("end", () => this.#breakStream("etcd ended the renewal of leases"));
    return stream;
  }

  #renewed({ id, ttlSeconds }: { readonly id: number; readonly ttlSeconds: number }): void {
    const lease = [...this.#kept.values()].find((kept) => kept.id === id);
    if (lease?.renewal === undefined) return;
    if (ttlSeconds === 0) this.#forget(lease);
    else lease.keptUntilMs = lease.renewal.sentAtMs + provableMs(ttlSeconds);
    lease.renewal?.end();
  }

  #breakStream(reason: string): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.cancel();
    const { endpoints, overTls } = this.#client;
    const failure = { code: 14, details: reason };
    const error = new EtcdCallError({ endpoint: endpoints.join(","), failure, overTls });
    for (const { renewal } of this.#kept.values()) renewal?.end(error);
  }

  #forget(lease: KeptLease): void {
    lease.cancelRenewal();
    if (this.#kept.get(lease.ttlSeconds) === lease) this.#kept.delete(lease.ttlSeconds);
    lease.renewal?.end();
  }
}

/** A sixth of a second, in ms: how long after a second of life a lease is renewed. */
const renewalShareMs = 1_000 / 6;

/** What is left of a lease if clocks differ by 1 % and looking takes 5 ms (guarantees L4). */
function provableMs(ttlSeconds: number): number {
  return ttlSeconds * 990 - 5;
}

/**
 * The length of the kept lease for locks of that lease: half as long again or more, so that up to its next renewal it outlasts
 * every lock; etcd grants none of less than 2 s.
 */
function keptSeconds(leaseMs: number): number {
  return keptLengths.find((seconds) => seconds * 1_000 >= 1.5 * leaseMs) ?? longestKeptSeconds;
}

/** Two in each doubling, so that there are few. */
const keptLengths = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768];
/** Of 600 s, the longest lease (guarantees L9). */
const longestKeptSeconds = 1_024;

function garbageSeconds(livesMs: number): number {
  let seconds = shortestGarbageSeconds;
  while (seconds < livesMs / 1_000 + garbageMarginSeconds) seconds *= 2;
  return seconds;
}
