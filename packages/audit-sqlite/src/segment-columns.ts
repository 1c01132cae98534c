import { auditFieldNames } from "@acteon/audit";
import type { AuditFields } from "@acteon/audit";

/**
 * What queries ask of a segment, column by column. Rows name a profile by its number, profiles name the text of each
 * field by its number. As a blob, in the byte order of the machine:
 *
 *     rows, profiles: u32 · time of each row: f64 · profile of each row: u16 · for each field, text of each profile: u16 · texts: JSON
 */
export interface SegmentColumns extends Columns {
  readonly texts: readonly (string | undefined)[];
}

interface Columns {
  readonly times: Float64Array;
  readonly profileOfRow: Uint16Array;
  readonly textOfProfile: Readonly<Record<keyof AuditFields, Uint16Array>>;
}

/** The number of the text that is not there. */
export const absentText = 0;

const headBytes = 8;

/** @param textsOfProfiles For each profile the numbers of its texts, in the order of `auditFieldNames`; the first of `texts` has number 1. */
export function encodeSegmentColumns(
  times: Float64Array,
  profileOfRow: Uint16Array,
  textsOfProfiles: readonly (readonly number[])[],
  texts: readonly string[],
): Uint8Array {
  const profiles = textsOfProfiles.length;
  const textBytes = Buffer.from(JSON.stringify(texts));
  const textsAt = headBytes + 10 * times.length + 2 * auditFieldNames.length * profiles;
  const blob = new Uint8Array(textsAt + textBytes.length);
  const columns = columnsIn(blob, times.length, profiles);
  new Uint32Array(blob.buffer, 0, 2).set([times.length, profiles]);
  columns.times.set(times);
  columns.profileOfRow.set(profileOfRow);
  for (const [field, name] of auditFieldNames.entries()) {
    const numbers = columns.textOfProfile[name];
    for (const [profile, textNumbers] of textsOfProfiles.entries()) numbers[profile] = textNumbers[field] ?? absentText;
  }
  blob.set(textBytes, textsAt);
  return blob;
}

export function decodeSegmentColumns(stored: Uint8Array): SegmentColumns {
  // A typed array begins at a multiple of its element's size.
  const blob = stored.byteOffset % 8 === 0 ? stored : stored.slice();
  const [rows = 0, profiles = 0] = new Uint32Array(blob.buffer, blob.byteOffset, 2);
  const columns = columnsIn(blob, rows, profiles);
  const textsAt = headBytes + 10 * rows + 2 * auditFieldNames.length * profiles;
  return {
    ...columns,
    texts: [undefined, ...(JSON.parse(Buffer.from(blob.subarray(textsAt)).toString()) as string[])],
  };
}

function columnsIn({ buffer, byteOffset }: Uint8Array, rows: number, profiles: number): Columns {
  const profileOfRowAt = byteOffset + headBytes + 8 * rows;
  const textsAt = profileOfRowAt + 2 * rows;
  const textOfProfile = Object.fromEntries(
    auditFieldNames.map((name, field) => [name, new Uint16Array(buffer, textsAt + 2 * profiles * field, profiles)]),
  );
  return {
    times: new Float64Array(buffer, byteOffset + headBytes, rows),
    profileOfRow: new Uint16Array(buffer, profileOfRowAt, rows),
    textOfProfile: textOfProfile as Columns["textOfProfile"],
  };
}
