import { dayNames, monthNames, parseLayout } from "./go-layout.ts";
import type { LayoutPart } from "./go-layout.ts";

/** `time.Parse`: nanoseconds since the epoch. `undefined`: the text is not laid out so, or there is no such time. */
export function parseTime(layout: string, text: string): bigint | undefined {
  const parts = parseLayout(layout);
  const reader = new TimeReader(text);
  for (const [i, part] of parts.entries()) {
    if (!reader.read(part, parts[i + 1])) return undefined;
  }
  return reader.finish();
}

class TimeReader {
  #rest: string;
  #year = 0;
  #month: number | undefined;
  #day: number | undefined;
  #dayOfYear: number | undefined;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #nanosecond = 0n;
  #half: "am" | "pm" | undefined;
  #offsetSeconds = 0;

  constructor(text: string) {
    this.#rest = text;
  }

  read(part: LayoutPart, next: LayoutPart | undefined): boolean {
    if (part.kind === "text") return this.#literal(part.text);
    if (part.kind === "field") return this.#field(part.name, next);
    // Zeros ask for as many digits; nines take any number of them, or none.
    if (part.trimmed) return this.#taken(/^[.,]\d+/, (digits) => this.#fraction(digits)) || true;
    return this.#taken(new RegExp(`^[.,]\\d{${Math.min(part.digits, 1_000)}}`), (digits) => this.#fraction(digits));
  }

  /** Spaces stand for any number of spaces. */
  #literal(text: string): boolean {
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      if (piece.startsWith(" ")) {
        if (this.#rest !== "" && !this.#rest.startsWith(" ")) return false;
        this.#rest = this.#rest.replace(/^ +/, "");
      } else {
        if (!this.#rest.startsWith(piece)) return false;
        this.#rest = this.#rest.slice(piece.length);
      }
    }
    return true;
  }

  #taken(pattern: RegExp, use: (text: string) => void): boolean {
    const [text] = pattern.exec(this.#rest) ?? [];
    if (text === undefined) return false;
    this.#rest = this.#rest.slice(text.length);
    use(text);
    return true;
  }

  #number(pattern: RegExp, least: number, most: number, use: (value: number) => void): boolean {
    let isInRange = false;
    const isThere = this.#taken(pattern, (digits) => {
      const value = Number(digits);
      isInRange = value >= least && value <= most;
      use(value);
    });
    return isThere && isInRange;
  }

  #fraction(digits: string): void {
    this.#nanosecond = BigInt(digits.slice(1, 10).padEnd(9, "0"));
  }

  #field(name: string, next: LayoutPart | undefined): boolean {
    switch (name) {
      case "2006":
        return this.#number(/^\d{4}/, 0, 9_999, (year) => (this.#year = year));
      case "06":
        return this.#number(/^\d\d/, 0, 99, (year) => (this.#year = year + (year >= 69 ? 1_900 : 2_000)));
      case "01":
      case "1":
        return this.#number(digitsOf(name), 1, 12, (month) => (this.#month = month));
      case "January":
      case "Jan":
        return this.#name(monthNames, name === "Jan" ? 3 : undefined, (month) => (this.#month = month + 1));
      case "Monday":
      case "Mon":
        return this.#name(dayNames, name === "Mon" ? 3 : undefined, () => undefined);
      case "02":
      case "2":
      case "_2":
        return this.#number(digitsOf(name), 1, 31, (day) => (this.#day = day));
      case "002":
      case "__2":
        return this.#number(name === "002" ? /^\d{3}/ : /^(?: {0,2}\d{1,3})/, 1, 366, (day) => (this.#dayOfYear = day));
      case "15":
        return this.#number(/^\d\d?/, 0, 23, (hour) => (this.#hour = hour));
      case "03":
      case "3":
        return this.#number(digitsOf(name), 0, 12, (hour) => (this.#hour = hour));
      case "04":
      case "4":
        return this.#number(digitsOf(name), 0, 59, (minute) => (this.#minute = minute));
      case "05":
      case "5":
        return this.#seconds(name, next);
      case "PM":
        return this.#taken(/^[AP]M/, (half) => (this.#half = half === "PM" ? "pm" : "am"));
      case "pm":
        return this.#taken(/^[ap]m/, (half) => (this.#half = half === "pm" ? "pm" : "am"));
      case "MST":
        return this.#zoneName();
      default:
        return this.#offset(name);
    }
  }

  /** A fraction is taken also where the layout has none. */
  #seconds(name: string, next: LayoutPart | undefined): boolean {
    if (!this.#number(digitsOf(name), 0, 59, (second) => (this.#second = second))) return false;
    if (next?.kind !== "fraction") this.#taken(/^[.,]\d+/, (digits) => this.#fraction(digits));
    return true;
  }

  #name(names: readonly string[], length: number | undefined, use: (place: number) => void): boolean {
    const rest = this.#rest.toLowerCase();
    const place = names.findIndex((each) => rest.startsWith(each.slice(0, length).toLowerCase()));
    if (place === -1) return false;
    this.#rest = this.#rest.slice(names[place]!.slice(0, length).length);
    use(place);
    return true;
  }

  /** Of the names of zones only that of UTC says an offset, and `GMT+3` does; the others count as UTC. */
  #zoneName(): boolean {
    if (this.#taken(/^UTC/, () => undefined)) return true;
    const isRelative = this.#taken(/^GMT[+-]\d{1,2}/, (zone) => (this.#offsetSeconds = Number(zone.slice(3)) * 3_600));
    return (
      isRelative || this.#taken(/^(?:ChST|MeST|WITA|[+-]\d\d|[A-Z]{4}T|[A-Z]{3}T|[A-Z]{3})(?![A-Z])/, () => undefined)
    );
  }

  #offset(form: string): boolean {
    if (form.startsWith("Z") && this.#taken(/^Z/, () => (this.#offsetSeconds = 0))) return true;
    const colon = form.includes(":") ? ":" : "";
    const count = form.match(/\d\d/g)!.length;
    const pattern = new RegExp(`^[+-]${Array.from({ length: count }, () => String.raw`\d\d`).join(colon)}`);
    let isInRange = false;
    const isThere = this.#taken(pattern, (offset) => {
      const [hours = 0, minutes = 0, seconds = 0] = offset.match(/\d\d/g)!.map(Number);
      isInRange = hours <= 24 && minutes < 60 && seconds < 60;
      this.#offsetSeconds = (offset.startsWith("-") ? -1 : 1) * (hours * 3_600 + minutes * 60 + seconds);
    });
    return isThere && isInRange;
  }

  finish(): bigint | undefined {
    if (this.#rest !== "") return undefined;
    const date = new Date(0);
    date.setUTCFullYear(this.#year, (this.#month ?? 1) - 1, this.#day ?? 1);
    if (this.#dayOfYear !== undefined) {
      date.setUTCFullYear(this.#year, 0, this.#dayOfYear);
      if ((this.#month ?? date.getUTCMonth() + 1) !== date.getUTCMonth() + 1) return undefined;
      if ((this.#day ?? date.getUTCDate()) !== date.getUTCDate()) return undefined;
    } else if (date.getUTCDate() !== (this.#day ?? 1)) {
      // There is no such day: a date moves on to one that there is.
      return undefined;
    }
    if (date.getUTCFullYear() !== this.#year) return undefined;
    const hour =
      this.#half === "pm" && this.#hour < 12
        ? this.#hour + 12
        : this.#half === "am" && this.#hour === 12
          ? 0
          : this.#hour;
    const seconds = date.getTime() / 1_000 + hour * 3_600 + this.#minute * 60 + this.#second - this.#offsetSeconds;
    return BigInt(seconds) * 1_000_000_000n + this.#nanosecond;
  }
}

/** Two digits where the layout has two, else one or two; after a space one is enough. */
function digitsOf(name: string): RegExp {
  if (name.startsWith("0")) return /^\d\d/;
  return name.startsWith("_") ? /^ ?\d\d?/ : /^\d\d?/;
}
