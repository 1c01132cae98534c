import { comparePositions, decodeAuditCursor, encodeAuditCursor } from "./audit-cursor.ts";
import type { AuditPosition } from "./audit-cursor.ts";
import type { AuditPage } from "./audit-store.ts";

/** A page request, checked: which stretch of the matching records to give back. */
export interface PageWindow {
  readonly limit: number;
  /** 0 with a cursor. */
  readonly offset: number;
  readonly after: AuditPosition | undefined;
  readonly ascending: boolean;
}

/** @throws {InvalidCursorError} */
export function pageWindow({ limit, offset = 0, cursor, ascending = false }: AuditPage): PageWindow {
  return {
    limit: heldTo(1, limit, maxPageRecords),
    offset: cursor === undefined ? heldTo(0, offset, Number.MAX_SAFE_INTEGER) : 0,
    after: cursor === undefined ? undefined : decodeAuditCursor(cursor, ascending),
    ascending,
  };
}

/** `wire-api.md` §7.3. */
export const maxPageRecords = 1_000;

function heldTo(min: number, value: number, max: number): number {
  return Math.min(Math.max(Math.trunc(value) || 0, min), max);
}

/** In the order of the window: negative when `a` comes first. */
export function compareInWindow(a: AuditPosition, b: AuditPosition, { ascending }: PageWindow): number {
  return ascending ? comparePositions(a, b) : comparePositions(b, a);
}

/** @param more Does anything follow the last of `page`? */
export function nextCursorOf(page: readonly AuditPosition[], more: boolean, { ascending }: PageWindow) {
  const last = page.at(-1);
  return more && last !== undefined ? encodeAuditCursor(last, ascending) : undefined;
}
