const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A date as Drools writes it (`01-Mar-2026`), or ISO 8601, in UTC where it names no zone; `undefined`: it is none. */
export function parseDate(text: string): number | undefined {
  const [, day = "", month = "", year = "", time = "00:00:00"] =
    /^(\d{1,2})-([a-z]{3})-(\d{4})(?: (\d\d:\d\d(?::\d\d)?))?$/i.exec(text) ?? [];
  const number = months.indexOf(month.toLowerCase()) + 1;
  const iso = number > 0 ? `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}T${time}` : text;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(iso)) return undefined;
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/.test(iso) && iso.includes("T");
  const epochMs = Date.parse(iso.includes("T") ? (hasZone ? iso : `${iso}Z`) : `${iso}T00:00:00Z`);
  // A date such as 30 February is moved on by `Date`, and is none.
  const isThere = new Date(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`)).toISOString().startsWith(iso.slice(0, 10));
  return Number.isNaN(epochMs) || !isThere ? undefined : epochMs;
}
