/**
 * Does this text name an instant by RFC 3339: a day that the calendar has, a time, an offset (guarantees §8 row 28)?
 * Second 60 is a leap second. Every action passes here, so this is one expression, without a `Date`.
 */
export function isInstant(text: string): boolean {
  if (text === last.text) return true;
  if (!instant.test(text) || (text.startsWith("02-29", 5) && !isLeapYear(Number(text.slice(0, 4))))) return false;
  last.text = text;
  return true;
}

/** The actions of a batch are of the same ms: the instant told last is often asked for again. */
const last = { text: "" };

const instant =
  /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * The epoch ms of an instant by RFC 3339; finer fractions are cut off, a leap second is the second after it. `undefined`
 * where the text names none.
 */
export function parseInstant(text: string): number | undefined {
  if (!isInstant(text)) return undefined;
  const part = (start: number, end?: number): number => Number(text.slice(start, end));
  // `Date.UTC` takes years below 100 for the 20th century; four centuries on, the calendar is the same.
  const date = Date.UTC(part(0, 4) + 400, part(5, 7) - 1, part(8, 10), part(11, 13), part(14, 16), part(17, 19));
  const zoneAt = text.search(/[Zz+]|-\d\d:\d\d$/);
  const fractionMs = Number(text.slice(20, Math.min(zoneAt, 23)).padEnd(3, "0"));
  return date - fourCenturiesMs + fractionMs - offsetMs(text.slice(zoneAt));
}

const fourCenturiesMs = 146_097 * 86_400_000;

/** `Z`, or an offset east (`+02:00`) or west of UTC. */
function offsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The instant in UTC, to the ms: `2026-03-01T09:30:00.000Z`. @throws {RangeError} No calendar reaches so far. */
export function formatInstant(atMs: number): string {
  if (atMs !== formatted.atMs) {
    formatted.text = new Date(atMs).toISOString();
    formatted.atMs = atMs;
  }
  return formatted.text;
}

/** Thousands of actions fall into one ms, and `Date` spells for longer than their rules take: the last answer is kept. */
const formatted = { atMs: Number.NaN, text: "" };
