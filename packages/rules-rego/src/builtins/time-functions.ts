import { BuiltinFault, intOf, TimeZones } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { dayNames, rfc3339Nano } from "./go-layout.ts";
import { formatTime } from "./go-time-format.ts";
import type { CivilTime } from "./go-time-format.ts";
import { parseTime } from "./go-time-parse.ts";
import { integer, itemsOf, listType, numberType, regoFunction, text, textType } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";

const secondNs = 1_000_000_000n;
/** There are some six hundred zones; names beyond them come from payloads, and are not kept forever. */
const maxZones = 1_000;

const outOfRange = new BuiltinFault("a time outside of the years 1677 to 2262");
const unknownZone = new BuiltinFault("an unknown time zone");
const noTime = new BuiltinFault("text that is no such time");

/** Nanoseconds since the epoch, alone or in an array with a time zone, and perhaps with a layout. */
interface Moment {
  readonly ns: bigint;
  readonly zone: string;
  readonly layout: string;
}

const moment: Parameter<Moment> = { types: ["list", ...numberType], read: readMoment };

/** Times are integers of 64 bits: nanoseconds since the Unix epoch. */
export const timeFunctions: readonly RegoFunction[] = [
  regoFunction("time.add_date", [integer, integer, integer, integer], numberType, addDate),
  regoFunction("time.clock", [moment], listType, (when) =>
    atPlace(when, ({ local }) => [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()]),
  ),
  regoFunction("time.date", [moment], listType, (when) =>
    atPlace(when, ({ local }) => [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()]),
  ),
  regoFunction("time.diff", [moment, moment], listType, (a, b) =>
    // By the clock of the first.
    atPlace(a, (first) => atPlace({ ...b, zone: a.zone }, (second) => differenceOf(first, second))),
  ),
  regoFunction("time.format", [moment], textType, (when) => atPlace(when, (time) => formatTime(time, when.layout)), {
    steps: 100,
  }),
  regoFunction("time.parse_duration_ns", [text], numberType, parseDuration),
  regoFunction("time.parse_ns", [text, text], numberType, parsedNs),
  regoFunction("time.parse_rfc3339_ns", [text], numberType, (written) => parsedNs(rfc3339Nano, written)),
  regoFunction("time.weekday", [moment], textType, (when) =>
    atPlace(when, ({ local }) => dayNames[local.getUTCDay()]!),
  ),
];

function readMoment(value: Value): Moment | undefined {
  const [ns = null, zone = "", layout = "", ...others] = itemsOf(value) ?? [value];
  const instant = integer.read(ns);
  if (instant === undefined || typeof zone !== "string" || typeof layout !== "string" || others.length > 0)
    return undefined;
  return {
    ns: instant,
    zone: zone === "" || zone === "Local" ? "UTC" : zone,
    layout: layout === "" ? rfc3339Nano : layout,
  };
}

function isInRange(ns: bigint): boolean {
  return BigInt.asIntN(64, ns) === ns;
}

function inRange(ns: bigint): BuiltinResult {
  return isInRange(ns) ? intOf(ns) : outOfRange;
}

function parsedNs(layout: string, written: string): BuiltinResult {
  const ns = parseTime(layout, written);
  return ns === undefined ? noTime : inRange(ns);
}

function atPlace({ ns, zone }: Moment, use: (time: CivilTime) => BuiltinResult): BuiltinResult {
  if (!isInRange(ns)) return outOfRange;
  const nanosecond = ((ns % secondNs) + secondNs) % secondNs;
  const epochMs = Number((ns - nanosecond) / 1_000_000n);
  // An offset is a zone to the clock, and none to Go.
  const localMs = /^[+-]/.test(zone) ? undefined : clockOf(zone)?.(epochMs);
  if (localMs === undefined) return unknownZone;
  const offsetSeconds = Math.round((localMs - epochMs) / 1_000);
  return use({
    local: new Date(localMs),
    nanosecond: Number(nanosecond),
    offsetSeconds,
    zoneName: () => zoneName(zone, epochMs),
  });
}

const clockOf = createClocks();

function createClocks(): TimeZones["clockOf"] {
  let zones = new TimeZones();
  let asked = new Set<string>();
  return (zone) => {
    if (asked.size === maxZones) {
      zones = new TimeZones();
      asked = new Set();
    }
    asked.add(zone);
    return zones.clockOf(zone);
  };
}

/** What a zone is called at some time: Americans and Europeans have names for their own. */
function zoneName(zone: string, epochMs: number): string | undefined {
  if (zone === "UTC") return zone;
  // Asked for only by the layouts that show it: a formatter takes some hundredths of a millisecond to make.
  return ["en-US", "en-GB", "en-AU", "en-IN"]
    .map((locale) => {
      const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" });
      return format.formatToParts(epochMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
    })
    .find((name) => /^[A-Z]{3,5}$/.test(name));
}

/** A day that there is not, such as 30 February, moves on to one that there is. */
function addDate(ns: bigint, years: bigint, months: bigint, days: bigint): BuiltinResult {
  return atPlace({ ns, zone: "UTC", layout: "" }, ({ local, nanosecond }) => {
    const moved = new Date(local);
    moved.setUTCFullYear(
      local.getUTCFullYear() + Number(years),
      local.getUTCMonth() + Number(months),
      local.getUTCDate() + Number(days),
    );
    const epochMs = moved.getTime();
    return Number.isNaN(epochMs) ? outOfRange : inRange(BigInt(epochMs) * 1_000_000n + BigInt(nanosecond));
  });
}

/** Years, months, days, hours, minutes and seconds between two times, whichever is first. */
function differenceOf(a: CivilTime, b: CivilTime): BuiltinResult {
  const isForward = a.local < b.local || (a.local.getTime() === b.local.getTime() && a.nanosecond <= b.nanosecond);
  const [start, end] = isForward ? [a.local, b.local] : [b.local, a.local];
  const daysInMonth = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  // Each from the smallest up: what is below zero borrows from the next.
  const parts = [
    [end.getUTCSeconds() - start.getUTCSeconds(), 60],
    [end.getUTCMinutes() - start.getUTCMinutes(), 60],
    [end.getUTCHours() - start.getUTCHours(), 24],
    [end.getUTCDate() - start.getUTCDate(), daysInMonth],
    [end.getUTCMonth() - start.getUTCMonth(), 12],
    [end.getUTCFullYear() - start.getUTCFullYear(), 0],
  ] as const;
  const difference: number[] = [];
  let borrowed = 0;
  for (const [part, whole] of parts) {
    const left = part - borrowed;
    borrowed = left < 0 ? 1 : 0;
    difference.unshift(left + borrowed * whole);
  }
  return difference;
}

const unitNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: secondNs,
  m: 60n * secondNs,
  h: 3_600n * secondNs,
};

/** `1h30m`, `-1.5s`, as Go's `ParseDuration`. */
function parseDuration(written: string): BuiltinResult {
  const [, sign = "", parts = ""] =
    /^([+-]?)(0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(written) ?? [];
  if (parts === "") return new BuiltinFault("text that is no duration");
  let ns = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of parts.matchAll(/(\d*)\.?(\d*)([a-zµμ]+)/g)) {
    const digits = fraction.slice(0, 18);
    ns +=
      BigInt(whole.slice(0, 30) || "0") * unitNs[unit]! +
      (BigInt(digits || "0") * unitNs[unit]!) / 10n ** BigInt(digits.length);
  }
  return inRange(sign === "-" ? -ns : ns);
}
