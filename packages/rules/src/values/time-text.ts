import { Duration, Timestamp } from "./value.ts";

const secondNs = 1_000_000_000n;

/** CEL's instants: the years 1 to 9999. */
const firstInstantNs = BigInt(Date.parse("0001-01-01T00:00:00Z")) * 1_000_000n;
const lastInstantNs = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59)) * 1_000_000n + 999_999_999n;
const maxDurationNs = 315_576_000_000n * secondNs;

export function isInRange(value: Duration | Timestamp): boolean {
  const { nanoseconds: ns } = value;
  return value instanceof Duration
    ? ns >= -maxDurationNs && ns <= maxDurationNs
    : ns >= firstInstantNs && ns <= lastInstantNs;
}

/** RFC 3339 to the nanosecond; `undefined`: it is none, or of no year from 1 to 9999. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, date = "", time = "", fraction = "", zone = ""] = match;
  const wholeMs = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  const localMs = Date.parse(`${date}T${time}Z`);
  // A date such as 30 February is moved on by `Date`, and is none.
  if (Number.isNaN(wholeMs) || !new Date(localMs).toISOString().startsWith(date)) return undefined;
  const timestamp = new Timestamp(BigInt(wholeMs) * 1_000_000n + BigInt(fraction.padEnd(9, "0")));
  return isInRange(timestamp) ? timestamp : undefined;
}

const unitNs: Readonly<Record<string, bigint>> = {
  d: 86_400n * secondNs,
  h: 3_600n * secondNs,
  m: 60n * secondNs,
  s: secondNs,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  ns: 1n,
};

/** Longer than any that is in range and written by a person; what is computed of a text grows with its square. */
const maxDurationLength = 1_000;

/** `1h30m`, `-1.5s`, `20ms`, `7d`: numbers with units, each with a fraction; `undefined`: it is none. */
export function parseSignedDuration(text: string): Duration | undefined {
  if (text.length > maxDurationLength) return undefined;
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:d|h|ms|m|s|us|µs|ns))+|0)$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", parts = ""] = match;
  let ns = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of parts.matchAll(/(\d*)\.?(\d*)([a-zµ]+)/g)) {
    const each = unitNs[unit]!;
    const digits = fraction.slice(0, 18);
    ns += BigInt(whole || "0") * each + (BigInt(digits || "0") * each) / 10n ** BigInt(digits.length);
  }
  const duration = new Duration(sign === "-" ? -ns : ns);
  return isInRange(duration) ? duration : undefined;
}

/** Seconds, as CEL writes a duration: `90s`, `0.5s`. */
export function secondsText({ nanoseconds }: Duration): string {
  const ns = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return `${nanoseconds < 0n ? "-" : ""}${ns / secondNs}${fractionText(ns % secondNs)}s`;
}

/** RFC 3339 in UTC, with as many digits of the second as there are. */
export function instantText({ nanoseconds }: Timestamp): string {
  const fraction = ((nanoseconds % secondNs) + secondNs) % secondNs;
  const date = new Date(Number((nanoseconds - fraction) / 1_000_000n));
  return `${date.toISOString().slice(0, 19)}${fractionText(fraction)}Z`;
}

function fractionText(ns: bigint): string {
  return ns === 0n ? "" : `.${ns.toString().padStart(9, "0").replace(/0+$/, "")}`;
}
