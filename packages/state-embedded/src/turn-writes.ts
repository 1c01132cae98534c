import type { DueIndex } from "@acteon/state";
import type { Host } from "./host.ts";
import type { Lease, LockName } from "./lease-table.ts";
import {
  type Feature,
  acquireText,
  appendText,
  extendText,
  putDueText,
  putText,
  releaseText,
  removeDueText,
  removeListText,
  removeText,
  turnText,
  useText,
} from "./record.ts";
import type { Replica } from "./replica.ts";
import type { Entry } from "./rows.ts";

/**
 * What a turn does: to the replica, and in the words of its record. What a group does is noted first, and done once all of
 * the group is decided; so a refused group has done nothing, and nothing need be taken back.
 */
export class TurnWrites {
  readonly #host: Host;
  readonly #replica: Replica;
  /** Of the turn: when it is, and from which numbers on it writes. */
  #sinceBootMs = 0;
  #nowMs = 0;
  #firstVersion = 0;
  #firstToken = 0;
  /** The next ones. */
  #version = 0;
  #token = 0;
  /** What the turn has done, as its record will say it. */
  #locksDone = "";
  #dataDone = "";
  /** The same and the numbers as they were before the group. */
  #before = { version: 0, token: 0, locksDone: "", dataDone: "" };
  /** What the group will do. Only the first so many of the lists count: they are used again and again. */
  readonly #keys: string[] = [];
  readonly #entries: (Entry | undefined)[] = [];
  #entryCount = 0;
  readonly #locks: LockName[] = [];
  readonly #leases: (Lease | undefined)[] = [];
  #leaseCount = 0;
  #others: (() => void)[] = [];

  constructor(host: Host, replica: Replica) {
    this.#host = host;
    this.#replica = replica;
  }

  /** The time of the turn for leases: `Host.sinceBootMs`. */
  get sinceBootMs(): number {
    return this.#sinceBootMs;
  }

  /** The time of the turn for the lives of values: epoch ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  beginTurn(sinceBootMs: number, nowMs: number): void {
    this.#sinceBootMs = sinceBootMs;
    this.#nowMs = nowMs;
    this.#version = this.#firstVersion = this.#replica.lastVersion + 1;
    // Guarantees L2: larger than all before, and after a loss of data still larger than what was given out then.
    this.#token = this.#firstToken = Math.max(this.#replica.lastToken + 1, Math.floor(nowMs * 1_000));
    this.#locksDone = "";
    this.#dataDone = "";
  }

  /** The record of the turn; `undefined` if it has done nothing. */
  endTurn(): string | undefined {
    if (this.#locksDone === "" && this.#dataDone === "") return undefined;
    this.#replica.count(this.#version - 1, this.#token - 1);
    const head = {
      process: this.#host.process,
      sinceBootMs: this.#sinceBootMs,
      nowMs: this.#nowMs,
      firstVersion: this.#firstVersion,
      firstToken: this.#firstToken,
    };
    return turnText(head, this.#locksDone, this.#dataDone);
  }

  /** Something besides groups that the turn has done; it is told with what was done to locks. */
  tell(text: string): void {
    this.#locksDone += text;
  }

  beginGroup(): void {
    const before = this.#before;
    before.version = this.#version;
    before.token = this.#token;
    before.locksDone = this.#locksDone;
    before.dataDone = this.#dataDone;
    this.#entryCount = 0;
    this.#leaseCount = 0;
    if (this.#others.length > 0) this.#others = [];
  }

  /** The group is refused: nothing of it is done. */
  dropGroup(): void {
    const before = this.#before;
    this.#version = before.version;
    this.#token = before.token;
    this.#locksDone = before.locksDone;
    this.#dataDone = before.dataDone;
  }

  /** Does what the group has noted. */
  doGroup(): void {
    const { recent, leases } = this.#replica;
    for (let i = 0; i < this.#entryCount; i++) {
      const key = this.#keys[i] as string;
      const entry = this.#entries[i];
      if (entry !== undefined) recent.entries.put(key, entry);
      else recent.remove(key, this.isFirst(key));
    }
    for (let i = 0; i < this.#leaseCount; i++) {
      const lock = this.#locks[i] as LockName;
      const lease = this.#leases[i];
      if (lease !== undefined) leases.put(lock, lease);
      else leases.remove(lock);
    }
    for (const other of this.#others) other();
  }

  /** Is there an entry of this generation with nothing below it? */
  isFirst(key: string): boolean {
    return this.#replica.recent.entries.findActive(key)?.isFirst ?? false;
  }

  /** @returns The version. */
  put(key: string, value: string, expiresAtMs: number, isFirst: boolean, tuple: string | undefined): number {
    const version = this.#version++;
    this.#noteEntry(key, { value, version, expiresAtMs, tuple, isFirst });
    this.#dataDone += putText(key, value, expiresAtMs - this.#nowMs, tuple);
    return version;
  }

  remove(key: string): void {
    this.#noteEntry(key, undefined);
    this.#dataDone += removeText(key, this.isFirst(key));
  }

  /** @returns The token. */
  acquire(lock: LockName, owner: string, leaseMs: number, isFenced: boolean): number {
    const { process } = this.#host;
    const token = this.#token++;
    this.#noteLease(lock, { owner, process, token, endsAtMs: this.#sinceBootMs + leaseMs, leaseMs, isFenced });
    this.#locksDone += acquireText(lock.text, owner, leaseMs, isFenced);
    return token;
  }

  extend(lock: LockName, lease: Lease, leaseMs: number): void {
    this.#noteLease(lock, { ...lease, endsAtMs: this.#sinceBootMs + leaseMs, leaseMs });
    this.#locksDone += extendText(lock.text, leaseMs);
  }

  release(lock: LockName): void {
    this.#noteLease(lock, undefined);
    this.#locksDone += releaseText(lock.text);
  }

  use(feature: Feature): void {
    if (this.#replica.features.has(feature)) return;
    this.#others.push(() => this.#replica.use(feature));
    this.#locksDone += useText(feature);
  }

  /** A new list takes a version as its id: none has had it before. @param list `undefined`: a new one, of one member then. */
  appendMember(key: string, list: number | undefined, ordinal: number, expiresAtMs: number, value: string): void {
    const id = list ?? this.#version++;
    this.#others.push(() => this.#replica.recent.appendMember(key, id, ordinal, expiresAtMs, value));
    this.#dataDone += appendText(key, id, ordinal, expiresAtMs - this.#nowMs, value);
  }

  removeList(key: string): void {
    this.#others.push(() => this.#replica.recent.removeList(key));
    this.#dataDone += removeListText(key);
  }

  putDue(index: DueIndex, key: string, dueAtMs: number): void {
    this.#others.push(() => this.#replica.recent.putDue(index, key, dueAtMs));
    this.#dataDone += putDueText(index, key, dueAtMs);
  }

  removeDue(index: DueIndex, key: string): void {
    this.#others.push(() => this.#replica.recent.removeDue(index, key));
    this.#dataDone += removeDueText(index, key);
  }

  /** @param entry `undefined`: deleted. */
  #noteEntry(key: string, entry: Entry | undefined): void {
    const at = this.#entryCount++;
    this.#keys[at] = key;
    this.#entries[at] = entry;
  }

  /** @param lease `undefined`: released. */
  #noteLease(lock: LockName, lease: Lease | undefined): void {
    const at = this.#leaseCount++;
    this.#locks[at] = lock;
    this.#leases[at] = lease;
  }
}
