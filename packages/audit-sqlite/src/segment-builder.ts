import { auditFieldNames } from "@acteon/audit";
import { idFilterOf } from "./id-filter.ts";
import type { IdFilter } from "./id-filter.ts";
import { IdRange } from "./id-range.ts";
import { idEntry, maxSegmentRows } from "./id-list.ts";
import type { IdList } from "./id-list.ts";
import type { KnownProfile, KnownProfiles } from "./known-profiles.ts";
import { LineScanner } from "./line-scanner.ts";
import { release } from "./release.ts";
import { blockRows, compressBlock, encodeBody } from "./segment-body.ts";
import type { Block } from "./segment-body.ts";
import { absentText, encodeSegmentColumns } from "./segment-columns.ts";

/** Rows of the trail that are stored together, ready for the database. */
export interface Segment {
  readonly rows: number;
  readonly minAtMs: number;
  readonly maxAtMs: number;
  /** Record ids as they stand in the lines, compared as bytes. */
  readonly minId: Uint8Array;
  readonly maxId: Uint8Array;
  readonly recordIds: IdList;
  readonly actionIds: IdList;
  readonly actionFilter: IdFilter;
  readonly columns: Uint8Array;
  readonly body: Uint8Array;
}

export interface BuiltSegment {
  readonly segment: Segment;
  /** Its lines, block by block. */
  readonly blocks: readonly Buffer[];
}

/**
 * Segments of these lines: one, unless there are more rows or texts than it can hold. Rows dispatched before
 * `lateBeforeMs` get segments of their own: one row from an hour ago would make a segment reach over that hour, and every
 * question about that hour would have to look into it.
 *
 * @param rows How many lines there are.
 * @throws {DataDamagedError} One of the lines is none.
 */
export function buildSegments(
  profiles: KnownProfiles,
  lines: Buffer,
  rows: number,
  lateBeforeMs = -Infinity,
): BuiltSegment[] {
  const built: BuiltSegment[] = [];
  const late: Buffer[] = [];
  for (let rest = lines; rest.length > 0;) {
    const builder = new SegmentBuilder(profiles, rest, Math.min(rows, maxSegmentRows), lateBeforeMs);
    const segment = builder.build();
    if (segment !== undefined) built.push(segment);
    late.push(...builder.late);
    rest = rest.subarray(builder.end);
  }
  return late.length === 0 ? built : [...built, ...buildSegments(profiles, Buffer.concat(late), late.length)];
}

/** Numbers of texts have 16 bits; one more profile must find room. */
const maxTexts = 2 ** 16 - 1 - auditFieldNames.length;

class SegmentBuilder {
  readonly #profiles: KnownProfiles;
  readonly #lines: Buffer;
  readonly #lateBeforeMs: number;
  readonly #times: Float64Array;
  readonly #profileOfRow: Uint16Array;
  readonly #recordIds: Float64Array;
  readonly #actionIds: Float64Array;
  readonly #profileNumbers = new Map<KnownProfile, number>();
  readonly #textsOfProfiles: number[][] = [];
  readonly #textNumbers = new Map<string, number>();
  readonly #blocks: Buffer[] = [];
  readonly #compressed: Block[] = [];
  /** What belongs to the block that is being filled, and lies in one piece. */
  #pieces: Buffer[] = [];
  #pieceStart = 0;
  #rows = 0;
  /** The lines that are not in the segment because they are late. */
  readonly late: Buffer[] = [];
  /** Behind the last line that was read. */
  end = 0;

  constructor(profiles: KnownProfiles, lines: Buffer, maxRows: number, lateBeforeMs: number) {
    this.#profiles = profiles;
    this.#lines = lines;
    this.#lateBeforeMs = lateBeforeMs;
    this.#times = new Float64Array(maxRows);
    this.#profileOfRow = new Uint16Array(maxRows);
    this.#recordIds = new Float64Array(maxRows);
    this.#actionIds = new Float64Array(maxRows);
  }

  /** `undefined` when all lines are late. */
  build(): BuiltSegment | undefined {
    const scanner = new LineScanner(this.#lines);
    const ids = new IdRange(this.#lines);
    while (this.end < this.#lines.length && this.#rows < this.#times.length && this.#textNumbers.size < maxTexts) {
      scanner.readIds(this.end);
      const profile = this.#profiles.read(scanner);
      if (scanner.dispatchedAtMs < this.#lateBeforeMs) this.#leaveOut(scanner);
      else {
        this.#addRow(profile, scanner);
        ids.add(scanner.idStart, scanner.idEnd);
        this.end = scanner.end;
        if (this.#rows % blockRows === 0) this.#endBlock(blockRows);
      }
    }
    if (this.#rows % blockRows > 0) this.#endBlock(this.#rows % blockRows);
    return this.#rows === 0 ? undefined : { segment: this.#segment(ids), blocks: this.#blocks };
  }

  #leaveOut({ end }: LineScanner): void {
    this.#endPiece();
    this.late.push(this.#lines.subarray(this.end, end));
    this.end = end;
    this.#pieceStart = end;
  }

  #endPiece(): void {
    if (this.end > this.#pieceStart) this.#pieces.push(this.#lines.subarray(this.#pieceStart, this.end));
    this.#pieceStart = this.end;
  }

  #endBlock(rows: number): void {
    this.#endPiece();
    const [first, ...others] = this.#pieces;
    if (first === undefined) return;
    const block = others.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#blocks.push(block);
    this.#compressed.push(compressBlock(block, rows));
  }

  #addRow(profile: KnownProfile, { dispatchedAtMs, idHash, actionIdHash }: LineScanner): void {
    const row = this.#rows;
    this.#rows += 1;
    this.#times[row] = dispatchedAtMs;
    this.#recordIds[row] = idEntry(idHash, row);
    this.#actionIds[row] = idEntry(actionIdHash, row);
    this.#profileOfRow[row] = this.#profileNumber(profile);
  }

  #profileNumber(profile: KnownProfile): number {
    let number = this.#profileNumbers.get(profile);
    if (number === undefined) {
      number = this.#textsOfProfiles.length;
      this.#profileNumbers.set(profile, number);
      this.#textsOfProfiles.push(profile.texts.map((text) => this.#textNumber(text)));
    }
    return number;
  }

  #textNumber(text: string | undefined): number {
    if (text === undefined) return absentText;
    let number = this.#textNumbers.get(text);
    if (number === undefined) {
      number = this.#textNumbers.size + 1;
      this.#textNumbers.set(text, number);
    }
    return number;
  }

  #segment({ min, max }: IdRange): Segment {
    const rows = this.#rows;
    const times = this.#times.subarray(0, rows);
    const actionIds = this.#actionIds.subarray(0, rows).sort();
    const segment: Segment = {
      rows,
      minAtMs: times.reduce((least, atMs) => Math.min(least, atMs)),
      maxAtMs: times.reduce((greatest, atMs) => Math.max(greatest, atMs)),
      minId: min,
      maxId: max,
      recordIds: this.#recordIds.subarray(0, rows).sort(),
      actionIds,
      actionFilter: idFilterOf(actionIds),
      columns: encodeSegmentColumns(times, this.#profileOfRow.subarray(0, rows), this.#textsOfProfiles, [
        ...this.#textNumbers.keys(),
      ]),
      body: encodeBody(this.#compressed),
    };
    release(this.#times, this.#profileOfRow);
    return segment;
  }
}
