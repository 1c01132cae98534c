import { crc32 } from "node:zlib";
import { ActeonError } from "@acteon/core";

/** A place between two records in the order of the trail: behind the record with this time and id. */
export interface AuditPosition {
  readonly dispatchedAtMs: number;
  readonly id: string;
}

/** The cursor was not made here, was altered, or belongs to the other direction (guarantees §8 row 73). */
export class InvalidCursorError extends ActeonError {
  override readonly name = "InvalidCursorError";
  readonly code = "invalid_cursor";
  readonly publicMessage = "invalid cursor";

  constructor(options?: ErrorOptions) {
    super("invalid cursor", options);
  }
}

/** The shape of `wire-api.md` §7.3, opaque to clients, with a checksum that an altered one does not pass. */
export function encodeAuditCursor({ dispatchedAtMs, id }: AuditPosition, ascending: boolean): string {
  const content = { v: 1, k: ascending ? "ts_asc" : "ts", t: dispatchedAtMs, i: id };
  return Buffer.from(JSON.stringify({ ...content, c: crc32(JSON.stringify(content)) })).toString("base64url");
}

/** @throws {InvalidCursorError} */
export function decodeAuditCursor(cursor: string, ascending: boolean): AuditPosition {
  const position = readPosition(cursor);
  // Comparing the whole text leaves no second spelling of one cursor, and checks version, direction and checksum.
  if (encodeAuditCursor(position, ascending) !== cursor) throw new InvalidCursorError();
  return position;
}

function readPosition(cursor: string): AuditPosition {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch (cause) {
    throw new InvalidCursorError({ cause });
  }
  if (typeof content === "object" && content !== null && "t" in content && "i" in content) {
    const { t, i } = content;
    if (typeof t === "number" && typeof i === "string") return { dispatchedAtMs: t, id: i };
  }
  throw new InvalidCursorError();
}

/** Oldest first: time, then id by its UTF-16 units. */
export function comparePositions(a: AuditPosition, b: AuditPosition): number {
  return a.dispatchedAtMs - b.dispatchedAtMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
