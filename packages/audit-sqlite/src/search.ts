import { compareInWindow, decodeAuditRecord } from "@acteon/audit";
import type { AuditFilter, PageWindow } from "@acteon/audit";
import { mayHold } from "./id-filter.ts";
import { rowsWithHash } from "./id-list.ts";
import { idOf } from "./line-front.ts";
import { hashText } from "./line-scanner.ts";
import { release } from "./release.ts";
import { forEachMatch, looksAtFields } from "./row-match.ts";
import type { TimeSpan } from "./row-match.ts";
import { BodyReader } from "./segment-body.ts";
import type { SegmentEntry, SegmentTable } from "./segment-table.ts";

export interface SearchRequest {
  readonly filter: AuditFilter;
  readonly window: PageWindow;
  /** When it is done: with a full page; when it is known whether anything follows; when all that match are counted. */
  readonly until: "page" | "more" | "all";
}

export interface SearchResult {
  /** Lines of `encodeAuditRecord`, in the order of the window. */
  readonly lines: readonly string[];
  /** Does anything follow? Not looked for with `until: "page"`. */
  readonly more: boolean;
  /** How many match, if all were counted. */
  readonly total: number | undefined;
}

/**
 * Walks the segments in the order of the window, with a short stop after each. Segments overlap in time, so what was found
 * waits until no segment that is still to come can hold anything before it. Only lines of the page are read, and those
 * that have the same time as one of them.
 */
export function* search(table: SegmentTable, request: SearchRequest): Generator<undefined, SearchResult> {
  const { filter, until, window } = request;
  const span = spanOf(request);
  const sign = window.ascending ? 1 : -1;
  const segments = table
    .between(span.fromMs, span.toMs)
    .map((entry) => ({ ...entry, firstKey: window.ascending ? entry.minAtMs : -entry.maxAtMs }))
    .sort((a, b) => a.firstKey - b.firstKey);
  const reader = new LineReader(table);
  const page = new PageCollector(reader, window);
  let waiting: FoundRow[] = [];
  let total = 0;
  for (const [i, segment] of segments.entries()) {
    if (page.satisfies(until)) break;
    if (page.complete && !looksAtFields(filter) && segment.minAtMs >= span.fromMs && segment.maxAtMs <= span.toMs) {
      total += segment.rows;
      continue;
    }
    const keepsRows = !page.complete;
    forEachFound(table, reader, segment, request, span, (row, atMs) => {
      total += 1;
      if (keepsRows) waiting.push({ segment: segment.id, row, key: sign * atMs });
    });
    if (keepsRows) {
      const horizon = segments[i + 1]?.firstKey ?? Infinity;
      page.take(waiting.filter(({ key }) => key < horizon));
      waiting = waiting.filter(({ key }) => key >= horizon);
    }
    yield;
  }
  return { lines: page.lines, more: page.complete, total: until === "all" ? total : undefined };
}

function spanOf({ filter, window: { after, ascending } }: SearchRequest): TimeSpan {
  const { fromMs = -Infinity, toMs = Infinity } = filter;
  if (after === undefined) return { fromMs, toMs };
  return ascending
    ? { fromMs: Math.max(fromMs, after.dispatchedAtMs), toMs }
    : { fromMs, toMs: Math.min(toMs, after.dispatchedAtMs) };
}

interface FoundRow {
  readonly segment: number;
  readonly row: number;
  /** The time, or its negative when the newest comes first. */
  readonly key: number;
}

function forEachFound(
  table: SegmentTable,
  reader: LineReader,
  { id }: SegmentEntry,
  { filter }: SearchRequest,
  span: TimeSpan,
  visit: (row: number, dispatchedAtMs: number) => void,
): void {
  const { actionId } = filter;
  const named = actionId === undefined ? undefined : rowsNamed(table, reader, id, actionId);
  if (named?.size === 0) return;
  const columns = table.columns(id);
  forEachMatch(columns, filter, span, named === undefined ? visit : (row, atMs) => named.has(row) && visit(row, atMs));
  release(columns.times);
}

function rowsNamed(table: SegmentTable, reader: LineReader, id: number, actionId: string): Set<number> {
  const hash = hashText(actionId);
  if (!mayHold(table.actionFilter(id), hash)) return new Set();
  const ids = table.actionIds(id);
  const rows = rowsWithHash(ids, hash);
  release(ids);
  // The hash proves nothing: two ids may share it.
  return new Set(rows.filter((row) => decodeAuditRecord(reader.line(id, row)).action.id === actionId));
}

/** Fills the page from found rows, which come in order, all of one time together. */
class PageCollector {
  readonly #reader: LineReader;
  readonly #window: PageWindow;
  #toSkip: number;
  readonly lines: string[] = [];
  /** The page is full, and something follows it. */
  complete = false;

  get #full(): boolean {
    return this.lines.length === this.#window.limit;
  }

  satisfies(until: SearchRequest["until"]): boolean {
    return until === "page" ? this.#full : until === "more" && this.complete;
  }

  constructor(reader: LineReader, window: PageWindow) {
    this.#reader = reader;
    this.#window = window;
    this.#toSkip = window.offset;
  }

  take(found: FoundRow[]): void {
    found.sort((a, b) => a.key - b.key);
    for (let from = 0; from < found.length && !this.complete;) {
      let to = from + 1;
      while (to < found.length && found[to]?.key === found[from]?.key) to += 1;
      this.#takeTies(found.slice(from, to));
      from = to;
    }
  }

  #takeTies(ties: readonly FoundRow[]): void {
    const { after, ascending } = this.#window;
    if (ties.length <= this.#toSkip) {
      this.#toSkip -= ties.length;
      return;
    }
    const placed = ties
      .map(({ segment, row, key }) => {
        const line = this.#reader.line(segment, row);
        return { line, id: idOf(line), dispatchedAtMs: ascending ? key : -key };
      })
      .filter((position) => after === undefined || compareInWindow(position, after, this.#window) > 0)
      .sort((a, b) => compareInWindow(a, b, this.#window));
    for (const { line } of placed.slice(this.#toSkip)) {
      if (this.#full) {
        this.complete = true;
        return;
      }
      this.lines.push(line);
    }
    this.#toSkip = 0;
  }
}

/** Lines of some segments; those used last stay at hand. */
class LineReader {
  readonly #table: SegmentTable;
  readonly #bodies = new Map<number, BodyReader>();

  constructor(table: SegmentTable) {
    this.#table = table;
  }

  line(segment: number, row: number): string {
    let body = this.#bodies.get(segment);
    if (body === undefined) {
      if (this.#bodies.size >= maxBodies) this.#bodies.clear();
      body = new BodyReader(this.#table.body(segment));
      this.#bodies.set(segment, body);
    }
    return body.line(row);
  }
}

const maxBodies = 8;
