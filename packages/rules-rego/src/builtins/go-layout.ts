/** A part of a layout: text that stands for itself, or a part of Go's reference time, `Mon Jan 2 15:04:05 MST 2006`. */
export type LayoutPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string }
  /** `.000`, `,999`: fractions of the second, of so many digits; nines without the zeros at their end. */
  | { readonly kind: "fraction"; readonly point: string; readonly digits: number; readonly trimmed: boolean };

/** The layouts that have names in Go, and in OPA. */
const named: ReadonlyMap<string, string> = new Map([
  ["ANSIC", "Mon Jan _2 15:04:05 2006"],
  ["UnixDate", "Mon Jan _2 15:04:05 MST 2006"],
  ["RubyDate", "Mon Jan 02 15:04:05 -0700 2006"],
  ["RFC822", "02 Jan 06 15:04 MST"],
  ["RFC822Z", "02 Jan 06 15:04 -0700"],
  ["RFC850", "Monday, 02-Jan-06 15:04:05 MST"],
  ["RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"],
  ["RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"],
  ["RFC3339", "2006-01-02T15:04:05Z07:00"],
  ["RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"],
]);

export const rfc3339Nano = "RFC3339Nano";

const field =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|[345]|PM|pm|[-Z]07(?:00(?:00)?|:00(?::00)?)?|[.,](?:0+|9+)(?!\d)/g;

/** Splits a layout, or one that is named, into its parts. */
export function parseLayout(layout: string): readonly LayoutPart[] {
  const text = named.get(layout) ?? layout;
  const parts: LayoutPart[] = [];
  let at = 0;
  for (const match of text.matchAll(field)) {
    const [name] = match;
    if (match.index > at) parts.push({ kind: "text", text: text.slice(at, match.index) });
    at = match.index + name.length;
    if (/^[.,]/.test(name)) {
      parts.push({ kind: "fraction", point: name[0]!, digits: name.length - 1, trimmed: name.endsWith("9") });
    } else {
      parts.push({ kind: "field", name });
    }
  }
  return at < text.length ? [...parts, { kind: "text", text: text.slice(at) }] : parts;
}

export const monthNames: readonly string[] =
  "January February March April May June July August September October November December".split(" ");
export const dayNames: readonly string[] = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
