/**
 * The instant that an RFC 3339 text names, in epoch ms; finer fractions are cut off. `undefined` where the text names none:
 * a date that is in no calendar, or no offset (guarantees §8 row 28).
 */
export function parseInstant(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, date, hours, minutes, seconds, fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = match;
  const dayMs = Date.parse(`${date}T00:00:00Z`);
  // `Date` turns the 30th of February into the 1st of March; written out again it shows.
  if (Number.isNaN(dayMs) || new Date(dayMs).toISOString().slice(0, 10) !== date) return undefined;
  const timeMs =
    (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000 +
    Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return dayMs + timeMs - (sign === "-" ? -offsetMs : offsetMs);
}

/** Second 60 is a leap second, which some clock somewhere wrote down. */
const rfc3339 =
  /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
