import { DataDamagedError } from "@acteon/core";
import { hashBytes } from "./byte-hash.ts";

/**
 * Reads the front of lines of `encodeAuditRecord` where they lie, without parsing the rest:
 *
 *     ["<id>","<action id>",[…profile…],dispatchedAtMs,…
 *
 * Texts are told apart by their bytes as JSON, which is one spelling for each text.
 */
export class LineScanner {
  readonly lines: Buffer;
  readonly #view: DataView;
  /** Of the record id, between its quotes. */
  idStart = 0;
  idEnd = 0;
  idHash = 0;
  /** Where the profile begins, with its bracket. */
  profileStart = 0;
  actionIdHash = 0;
  dispatchedAtMs = 0;
  /** Behind the line feed. */
  end = 0;

  constructor(lines: Buffer) {
    this.lines = lines;
    this.#view = new DataView(lines.buffer, lines.byteOffset, lines.byteLength);
  }

  hash(start: number, end: number): number {
    return hashBytes(this.#view, start, end);
  }

  /** The ids. @throws {DataDamagedError} What begins at `at` is no such line. */
  readIds(at: number): void {
    this.#expect(at, openBracket);
    this.#expect(at + 1, quote);
    this.idStart = at + 2;
    this.idEnd = this.#endOfText(this.idStart);
    this.idHash = this.hash(this.idStart, this.idEnd);
    this.#expect(this.idEnd + 1, comma);
    this.#expect(this.idEnd + 2, quote);
    const actionIdStart = this.idEnd + 3;
    const actionIdEnd = this.#endOfText(actionIdStart);
    this.actionIdHash = this.hash(actionIdStart, actionIdEnd);
    this.#expect(actionIdEnd + 1, comma);
    this.#expect(actionIdEnd + 2, openBracket);
    this.profileStart = actionIdEnd + 2;
  }

  /**
   * Where the profile may end: behind the next bracket that a comma follows. A text of the profile can hold both, so the
   * bytes up to there are the profile only if they are JSON; if not, ask for the place after that.
   */
  profileEnd(from: number): number {
    for (let at = this.lines.indexOf(closeBracket, from); at !== -1; at = this.lines.indexOf(closeBracket, at + 1)) {
      if (this.lines[at + 1] === comma) return at + 1;
    }
    throw damagedLine();
  }

  /** What comes behind the profile. @throws {DataDamagedError} It is not what comes there. */
  readRest(profileEnd: number): void {
    this.#readTime(profileEnd + 1);
    this.end = this.lines.indexOf(lineFeed, profileEnd) + 1;
    if (this.end === 0) throw damagedLine();
  }

  #readTime(start: number): void {
    const { lines } = this;
    let value = 0;
    let at = start;
    for (let digit = (lines[at] ?? 0) - zero; digit >= 0 && digit <= 9; digit = (lines[at] ?? 0) - zero) {
      value = value * 10 + digit;
      at += 1;
    }
    // Nearly all instants are whole and after 1970; any other is read again, slowly.
    this.dispatchedAtMs = at > start && lines[at] === comma ? value : this.#readNumber(start);
  }

  #readNumber(start: number): number {
    const end = this.lines.indexOf(comma, start);
    const value = end <= start ? Number.NaN : Number(this.lines.toString("latin1", start, end));
    if (Number.isNaN(value)) throw damagedLine();
    return value;
  }

  #endOfText(start: number): number {
    const { lines } = this;
    for (let at = start; at < lines.length; at++) {
      const byte = lines[at];
      if (byte === quote) return at;
      if (byte === backslash) at += 1;
    }
    throw damagedLine();
  }

  #expect(at: number, byte: number): void {
    if (this.lines[at] !== byte) throw damagedLine();
  }
}

function damagedLine(): DataDamagedError {
  return new DataDamagedError("a line of the audit trail is damaged");
}

const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;

/** The hash of a text as it stands in a line: what `actionIdHash` and `idHash` are for that text. */
export function hashText(text: string): number {
  const bytes = Buffer.from(JSON.stringify(text));
  return hashBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 1, bytes.length - 1);
}
