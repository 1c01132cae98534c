import { DataDamagedError } from "@acteon/core";
import { type DueIndex, type KeyKind, dueIndexes, keyKinds } from "@acteon/state";
import type { Lease } from "./lease-table.ts";

/*
 * The records of the journal, as text. A record is either
 * - a turn: a head, which says who wrote it and when, and where its versions and tokens begin; then what was done to locks;
 *   then what was done to everything else. Versions and tokens are not written one by one: each write takes the next.
 * - or a snapshot, with which every file begins. It holds what a load must know of all that came before: the counters, the
 *   boot, and every lease.
 * - or the end of a file, whose successor is there.
 * A line ends in "\n", which no key has; a text that may hold one is preceded by its length in UTF-16 units.
 */

/** Who wrote a turn, when, and where its numbers begin. */
export interface TurnHead {
  readonly process: string;
  /** `Host.sinceBootMs`. */
  readonly sinceBootMs: number;
  /** Epoch ms; lives are written relative to it. */
  readonly nowMs: number;
  readonly firstVersion: number;
  readonly firstToken: number;
}

/**
 * What has been used here at least once, and must be looked for from then on: lists; fenced locks of a kind. What nobody has
 * used costs nobody a look.
 */
export type Feature = "lists" | `fences ${KeyKind}`;

export interface Snapshot {
  /** Where the file before this one ends; so that its successor is told from one that was begun and given up. */
  readonly previousBytes: number;
  readonly lastVersion: number;
  readonly lastToken: number;
  readonly features: Iterable<Feature>;
  readonly bootId: string;
  readonly leases: Iterable<readonly [lock: string, lease: Lease]>;
}

/** Told what a record has done to values, lists and due indexes. */
export interface DataReader {
  put(key: string, value: string, version: number, expiresAtMs: number, tuple: string | undefined): void;
  /** @param leavesNothing There was nothing under the key before this generation. */
  remove(key: string, leavesNothing: boolean): void;
  appendMember(key: string, list: number, ordinal: number, expiresAtMs: number, value: string): void;
  removeList(key: string): void;
  putDue(index: DueIndex, key: string, dueAtMs: number): void;
  removeDue(index: DueIndex, key: string): void;
}

/** Told the rest. */
export interface LockReader {
  acquire(lock: string, lease: Lease): void;
  extend(lock: string, endsAtMs: number, leaseMs: number): void;
  release(lock: string): void;
  boot(bootId: string, atMs: number): void;
  /** That generation is all in the table. */
  drop(generation: number): void;
  use(feature: Feature): void;
  /** After each turn: the last version and token that were given out. */
  count(lastVersion: number, lastToken: number): void;
}

export const endText = "e";

export function turnText(head: TurnHead, locksDone: string, dataDone: string): string {
  const { process, sinceBootMs, nowMs, firstVersion, firstToken } = head;
  return `t${process}\n${sinceBootMs}\n${nowMs}\n${firstVersion}\n${firstToken}\n${locksDone.length}\n${locksDone}${dataDone}`;
}

export function acquireText(lock: string, owner: string, leaseMs: number, isFenced: boolean): string {
  return `${isFenced ? "A" : "a"}${lock}\n${leaseMs}\n${owner.length}\n${owner}`;
}

export function extendText(lock: string, leaseMs: number): string {
  return `x${lock}\n${leaseMs}\n`;
}

export function releaseText(lock: string): string {
  return `r${lock}\n`;
}

export function bootText(bootId: string): string {
  return `b${bootId}\n`;
}

export function useText(feature: Feature): string {
  return `l${feature}\n`;
}

export function dropText(generation: number): string {
  return `c${generation}\n`;
}

/** @param lifeMs From the time of the turn on; Infinity: for good. */
export function putText(key: string, value: string, lifeMs: number, tuple: string | undefined): string {
  return tuple === undefined
    ? `p${key}\n${lifeText(lifeMs)}\n${value.length}\n${value}`
    : `P${key}\n${tuple}\n${lifeText(lifeMs)}\n${value.length}\n${value}`;
}

export function removeText(key: string, leavesNothing: boolean): string {
  return `${leavesNothing ? "n" : "d"}${key}\n`;
}

/** A list takes its first version as its id. @param lifeMs As of `putText`. */
export function appendText(key: string, list: number, ordinal: number, lifeMs: number, value: string): string {
  return `m${key}\n${list}\n${ordinal}\n${lifeText(lifeMs)}\n${value.length}\n${value}`;
}

export function removeListText(key: string): string {
  return `u${key}\n`;
}

export function putDueText(index: DueIndex, key: string, dueAtMs: number): string {
  return `i${index}\n${key}\n${dueAtMs}\n`;
}

export function removeDueText(index: DueIndex, key: string): string {
  return `j${index}\n${key}\n`;
}

export function snapshotText(snapshot: Snapshot): string {
  const { previousBytes, lastVersion, lastToken, features, bootId, leases } = snapshot;
  let text = `s${previousBytes}\n${lastVersion}\n${lastToken}\n${bootId}\n${[...features].join(",")}\n`;
  for (const [lock, { owner, process, token, endsAtMs, leaseMs, isFenced }] of leases)
    text += `${lock}\n${process}\n${token}\n${endsAtMs}\n${leaseMs}\n${isFenced ? "f" : ""}\n${owner.length}\n${owner}`;
  return text;
}

/** What a file begins with; `undefined`: something else. */
export function snapshotOf(record: string): Snapshot | undefined {
  const text = new TextReader(record);
  return text.character() === "s" ? readSnapshot(text) : undefined;
}

/**
 * Tells what a turn has done, in order.
 * @throws {DataDamagedError} It is no turn.
 */
export function readTurn(record: string, locks: LockReader, data: DataReader): void {
  const text = new TextReader(record);
  if (text.character() !== "t") throw unreadable();
  const head = readHead(text);
  const endOfLocks = text.number() + text.at;
  const lastToken = readLocksDone(text, endOfLocks, head, locks);
  locks.count(readDataDone(text, head, data), lastToken);
}

/** Only what a turn has done to values, lists and due indexes; no other record says anything of them. */
export function readData(record: string, reader: DataReader): void {
  const text = new TextReader(record);
  if (text.character() !== "t") return;
  const head = readHead(text);
  text.skip(text.number());
  readDataDone(text, head, reader);
}

function readHead(text: TextReader): TurnHead {
  return {
    process: text.line(),
    sinceBootMs: text.number(),
    nowMs: text.number(),
    firstVersion: text.number(),
    firstToken: text.number(),
  };
}

function readLocksDone(text: TextReader, end: number, head: TurnHead, reader: LockReader): number {
  const { process, sinceBootMs } = head;
  let token = head.firstToken;
  while (text.at < end) {
    const operation = text.character();
    switch (operation) {
      case "a":
      case "A": {
        const lock = text.line();
        const leaseMs = text.number();
        const lease = { process, leaseMs, endsAtMs: sinceBootMs + leaseMs, isFenced: operation === "A" };
        reader.acquire(lock, { ...lease, token: token++, owner: text.counted() });
        break;
      }
      case "r":
        reader.release(text.line());
        break;
      case "x": {
        const lock = text.line();
        const leaseMs = text.number();
        reader.extend(lock, sinceBootMs + leaseMs, leaseMs);
        break;
      }
      case "l":
        reader.use(text.feature());
        break;
      case "b":
        reader.boot(text.line(), sinceBootMs);
        break;
      case "c":
        reader.drop(text.number());
        break;
      default:
        throw unreadable();
    }
  }
  return token - 1;
}

function readDataDone(text: TextReader, { nowMs, firstVersion }: TurnHead, reader: DataReader): number {
  let version = firstVersion;
  const put = (key: string, tuple: string | undefined): void => {
    const expiresAtMs = nowMs + text.life();
    reader.put(key, text.counted(), version++, expiresAtMs, tuple);
  };
  while (!text.atEnd) {
    const operation = text.character();
    switch (operation) {
      case "p":
        put(text.line(), undefined);
        break;
      case "P":
        put(text.line(), text.line());
        break;
      case "d":
      case "n":
        reader.remove(text.line(), operation === "n");
        break;
      case "m": {
        const key = text.line();
        const list = text.number();
        const ordinal = text.number();
        if (ordinal === 0) version++;
        reader.appendMember(key, list, ordinal, nowMs + text.life(), text.counted());
        break;
      }
      case "u":
        reader.removeList(text.line());
        break;
      case "i":
        reader.putDue(text.dueIndex(), text.line(), text.number());
        break;
      case "j":
        reader.removeDue(text.dueIndex(), text.line());
        break;
      default:
        throw unreadable();
    }
  }
  return version - 1;
}

function readSnapshot(text: TextReader): Snapshot {
  const head = {
    previousBytes: text.number(),
    lastVersion: text.number(),
    lastToken: text.number(),
    bootId: text.line(),
    features: text.features(),
  };
  const leases: [string, Lease][] = [];
  while (!text.atEnd) {
    const lock = text.line();
    const process = text.line();
    const token = text.number();
    const endsAtMs = text.number();
    const leaseMs = text.number();
    const isFenced = text.line() === "f";
    leases.push([lock, { owner: text.counted(), process, token, endsAtMs, leaseMs, isFenced }]);
  }
  return { ...head, leases };
}

function lifeText(lifeMs: number): string {
  return lifeMs === Infinity ? "" : String(lifeMs);
}

class TextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get at(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  character(): string {
    return this.#text.charAt(this.#at++);
  }

  skip(length: number): void {
    this.#at += length;
  }

  line(): string {
    const end = this.#text.indexOf("\n", this.#at);
    if (end === -1) throw unreadable();
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  number(): number {
    const line = this.line();
    const number = Number(line);
    if (line === "" || Number.isNaN(number)) throw unreadable();
    return number;
  }

  life(): number {
    const line = this.line();
    return line === "" ? Infinity : Number(line);
  }

  dueIndex(): DueIndex {
    const name = this.line();
    const index = dueIndexes.find((each) => each === name);
    if (index === undefined) throw unreadable();
    return index;
  }

  feature(): Feature {
    return asFeature(this.line());
  }

  features(): readonly Feature[] {
    const line = this.line();
    return line === "" ? [] : line.split(",").map(asFeature);
  }

  /** A text after its length. */
  counted(): string {
    const end = this.number() + this.#at;
    if (end > this.#text.length) throw unreadable();
    const counted = this.#text.slice(this.#at, end);
    this.#at = end;
    return counted;
  }
}

function asFeature(name: string): Feature {
  if (name === "lists") return name;
  const kind = Object.keys(keyKinds).find((each) => name === `fences ${each}`);
  if (kind === undefined) throw unreadable();
  return `fences ${kind as KeyKind}`;
}

function unreadable(): DataDamagedError {
  return new DataDamagedError("a record of the journal cannot be read; nothing was deleted");
}
