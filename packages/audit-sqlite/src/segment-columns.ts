import { auditFieldNames } from "@acteon/audit";
import type { AuditFields } from "@acteon/audit";

/**
 * What queries ask of a segment, column by column. Rows name a profile by its number, profiles name the text of each
 * field by its number.
 *
 *     rows, profiles: u32 · time of each row: f64 · profile of each row: u16 · for each field, text of each profile: u16 · texts: JSON
 */
export interface SegmentColumns {
  readonly times: Float64Array;
  readonly profileOfRow: Uint16Array;
  readonly profiles: number;
  /** The text numbers of all profiles, by field in the order of `auditFieldNames`. */
  readonly textOfProfile: Readonly<Record<keyof AuditFields, Uint16Array>>;
  readonly texts: readonly (string | undefined)[];
}

/** The number of the text that is not there. */
export const absentText = 0;

const headBytes = 8;

export function encodeSegmentColumns(columns: {
  readonly times: Float64Array;
  readonly profileOfRow: Uint16Array;
  readonly textsOfProfiles: readonly (readonly number[])[];
  readonly texts: readonly string[];
}): Uint8Array {
  const { times, profileOfRow, textsOfProfiles, texts } = columns;
  const profiles = textsOfProfiles.length;
  const textNumbers = new Uint16Array(profiles * auditFieldNames.length);
  textsOfProfiles.forEach((numbers, profile) => {
    numbers.forEach((number, field) => (textNumbers[field * profiles + profile] = number));
  });
  return Buffer.concat([
    bytesOf(Uint32Array.of(times.length, profiles)),
    bytesOf(times),
    bytesOf(profileOfRow),
    bytesOf(textNumbers),
    Buffer.from(JSON.stringify(texts)),
  ]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function decodeSegmentColumns(blob: Uint8Array): SegmentColumns {
  // A typed array begins at a multiple of its element's size.
  const { buffer, byteOffset } = blob.byteOffset % 8 === 0 ? blob : blob.slice();
  const [rows = 0, profiles = 0] = new Uint32Array(buffer, byteOffset, 2);
  const profileOfRowAt = byteOffset + headBytes + 8 * rows;
  const columnsAt = profileOfRowAt + 2 * rows;
  const textsAt = columnsAt + 2 * profiles * auditFieldNames.length;
  const textOfProfile: Partial<Record<keyof AuditFields, Uint16Array>> = {};
  auditFieldNames.forEach((name, field) => {
    textOfProfile[name] = new Uint16Array(buffer, columnsAt + 2 * profiles * field, profiles);
  });
  return {
    times: new Float64Array(buffer, byteOffset + headBytes, rows),
    profileOfRow: new Uint16Array(buffer, profileOfRowAt, rows),
    profiles,
    textOfProfile: textOfProfile as SegmentColumns["textOfProfile"],
    texts: [
      undefined,
      ...(JSON.parse(Buffer.from(buffer, textsAt, byteOffset + blob.byteLength - textsAt).toString()) as string[]),
    ],
  };
}
