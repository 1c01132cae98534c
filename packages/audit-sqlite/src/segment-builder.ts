import { auditFieldNames } from "@acteon/audit";
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
  readonly columns: Uint8Array;
  readonly body: Uint8Array;
}

export interface BuiltSegment {
  readonly segment: Segment;
  readonly lines: Buffer;
}

/**
 * Segments of these lines, each with the lines that are in it: one, unless there are more rows or texts than it can hold.
 * @throws {DataDamagedError} One of the lines is none.
 */
export function buildSegments(profiles: KnownProfiles, lines: Buffer, rows: number): BuiltSegment[] {
  const built: BuiltSegment[] = [];
  for (let rest = lines; rest.length > 0;) {
    const builder = new SegmentBuilder(profiles, rest, Math.min(rows, maxSegmentRows));
    const segment = builder.build();
    built.push({ segment, lines: rest.subarray(0, builder.end) });
    rest = rest.subarray(builder.end);
  }
  return built;
}

/** Numbers of texts have 16 bits; one more profile must find room. */
const maxTexts = 2 ** 16 - 1 - auditFieldNames.length;

class SegmentBuilder {
  readonly #profiles: KnownProfiles;
  readonly #lines: Buffer;
  readonly #times: Float64Array;
  readonly #profileOfRow: Uint16Array;
  readonly #recordIds: Float64Array;
  readonly #actionIds: Float64Array;
  readonly #profileNumbers = new Map<KnownProfile, number>();
  readonly #textsOfProfiles: number[][] = [];
  readonly #textNumbers = new Map<string, number>();
  readonly #blocks: Block[] = [];
  #rows = 0;
  /** Behind the last line that is in the segment. */
  end = 0;

  constructor(profiles: KnownProfiles, lines: Buffer, maxRows: number) {
    this.#profiles = profiles;
    this.#lines = lines;
    this.#times = new Float64Array(maxRows);
    this.#profileOfRow = new Uint16Array(maxRows);
    this.#recordIds = new Float64Array(maxRows);
    this.#actionIds = new Float64Array(maxRows);
  }

  build(): Segment {
    const scanner = new LineScanner(this.#lines);
    const ids = new IdRange(this.#lines);
    let blockStart = 0;
    while (this.end < this.#lines.length && this.#rows < this.#times.length && this.#textNumbers.size < maxTexts) {
      scanner.readIds(this.end);
      this.#addRow(this.#profiles.read(scanner), scanner);
      ids.add(scanner.idStart, scanner.idEnd);
      this.end = scanner.end;
      if (this.#rows % blockRows === 0) blockStart = this.#endBlock(blockStart, blockRows);
    }
    if (blockStart < this.end) this.#endBlock(blockStart, this.#rows % blockRows);
    return this.#segment(ids);
  }

  #endBlock(start: number, rows: number): number {
    this.#blocks.push(compressBlock(this.#lines.subarray(start, this.end), rows));
    return this.end;
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
    const segment: Segment = {
      rows,
      minAtMs: times.reduce((least, atMs) => Math.min(least, atMs)),
      maxAtMs: times.reduce((greatest, atMs) => Math.max(greatest, atMs)),
      minId: min,
      maxId: max,
      recordIds: this.#recordIds.subarray(0, rows).sort(),
      actionIds: this.#actionIds.subarray(0, rows).sort(),
      columns: encodeSegmentColumns(times, this.#profileOfRow.subarray(0, rows), this.#textsOfProfiles, [
        ...this.#textNumbers.keys(),
      ]),
      body: encodeBody(this.#blocks),
    };
    release(this.#times, this.#profileOfRow);
    return segment;
  }
}
