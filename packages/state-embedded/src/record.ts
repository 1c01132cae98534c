import { DataDamagedError } from "@acteon/core";
import type { Entry } from "./memtable.ts";
import type { Lease } from "./lease-table.ts";

/*
 * The records of the journal, as text. A record is either
 * - a turn: a head, which says who wrote it and when, and with which version and token its writes begin; then what was
 *   done, in order. Versions and tokens are not written one by one: each put and each acquire takes the next.
 * - or a snapshot: the end of a generation. It holds what else a load must know: the counters, and every lease.
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

/** What is done with the records that are read. */
export interface RecordReader {
  put(text: string, entry: Omit<Entry, "isFirst">): void;
  /** @param hadNothingBelow There was nothing under the key before this generation. */
  remove(text: string, hadNothingBelow: boolean): void;
  acquire(lock: string, lease: Lease): void;
  extend(lock: string, endsAtMs: number, leaseMs: number): void;
  release(lock: string, atMs: number): void;
  /** There is a list, or was one: from here on a deletion must look for one. */
  useList(): void;
  /** The machine was started anew. */
  boot(atMs: number): void;
  /** The frozen generation, which ends with the snapshot of that number, is in the table. */
  drop(snapshotSeq: number): void;
  /** After each turn: the last version and token given out so far. */
  count(lastVersion: number, lastToken: number): void;
  /** A generation ends here, and this is all that is known besides it. */
  freeze(snapshot: Snapshot): void;
}

export interface Snapshot {
  readonly lastVersion: number;
  readonly lastToken: number;
  readonly usesLists: boolean;
  readonly leases: Iterable<readonly [string, Lease]>;
}

export function turnText({ process, sinceBootMs, nowMs, firstVersion, firstToken }: TurnHead, done: string): string {
  return `t${process}\n${sinceBootMs}\n${nowMs}\n${firstVersion}\n${firstToken}\n${done}`;
}

/** @param lifeMs From the time of the turn on; Infinity: for good. */
export function putText(text: string, value: string, lifeMs: number, tuple: string | undefined): string {
  const life = lifeMs === Infinity ? "" : lifeMs;
  return tuple === undefined
    ? `p${text}\n${life}\n${value.length}\n${value}`
    : `P${text}\n${tuple}\n${life}\n${value.length}\n${value}`;
}

export function removeText(text: string, hadNothingBelow: boolean): string {
  return `${hadNothingBelow ? "n" : "d"}${text}\n`;
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

/** A list or a due index was written, in tables of their own. */
export const otherTablesText = { list: "l", due: "i" } as const;

export const bootText = "b";

export function dropText(snapshotSeq: number): string {
  return `c${snapshotSeq}\n`;
}

export function snapshotText({ lastVersion, lastToken, usesLists, leases }: Snapshot): string {
  let text = `s${lastVersion}\n${lastToken}\n${usesLists ? "l" : ""}\n`;
  for (const [lock, { owner, process, token, endsAtMs, leaseMs, isFenced }] of leases)
    text += `${lock}\n${process}\n${token}\n${endsAtMs}\n${leaseMs}\n${isFenced ? "f" : ""}\n${owner.length}\n${owner}`;
  return text;
}

/**
 * Tells `reader` what a record says, in order.
 * @throws {DataDamagedError} It is no record.
 */
export function readRecord(record: string, reader: RecordReader): void {
  const text = new TextReader(record);
  const kind = text.character();
  if (kind === "t") readTurn(text, reader);
  else if (kind === "s") readSnapshot(text, reader);
  else throw unreadable();
}

function readTurn(text: TextReader, reader: RecordReader): void {
  const process = text.line();
  const sinceBootMs = text.number();
  const nowMs = text.number();
  let version = text.number();
  let token = text.number();
  const put = (key: string, tuple: string | undefined): void => {
    const life = text.line();
    const expiresAtMs = life === "" ? Infinity : nowMs + Number(life);
    reader.put(key, { value: text.counted(), version: version++, expiresAtMs, tuple });
  };
  const acquire = (lock: string, isFenced: boolean): void => {
    const leaseMs = text.number();
    const owner = text.counted();
    reader.acquire(lock, { owner, process, token: token++, endsAtMs: sinceBootMs + leaseMs, leaseMs, isFenced });
  };
  while (!text.atEnd) {
    const operation = text.character();
    switch (operation) {
      case "a":
      case "A":
        acquire(text.line(), operation === "A");
        break;
      case "r":
        reader.release(text.line(), sinceBootMs);
        break;
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
      case "x": {
        const lock = text.line();
        const leaseMs = text.number();
        reader.extend(lock, sinceBootMs + leaseMs, leaseMs);
        break;
      }
      case otherTablesText.list:
        reader.useList();
        break;
      case otherTablesText.due:
        break;
      case bootText:
        reader.boot(sinceBootMs);
        break;
      case "c":
        reader.drop(text.number());
        break;
      default:
        throw unreadable();
    }
  }
  reader.count(version - 1, token - 1);
}

function readSnapshot(text: TextReader, reader: RecordReader): void {
  const lastVersion = text.number();
  const lastToken = text.number();
  const usesLists = text.line() === "l";
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
  reader.freeze({ lastVersion, lastToken, usesLists, leases });
}

class TextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  character(): string {
    return this.#text.charAt(this.#at++);
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

  /** A text after its length. */
  counted(): string {
    const length = this.number();
    const end = this.#at + length;
    if (end > this.#text.length) throw unreadable();
    const counted = this.#text.slice(this.#at, end);
    this.#at = end;
    return counted;
  }
}

function unreadable(): DataDamagedError {
  return new DataDamagedError("a record of the journal cannot be read; nothing was deleted");
}
