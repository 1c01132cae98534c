import { TimeZones } from "../compile/time-zones.ts";
import { Duration, Timestamp } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin } from "./builtin.ts";
import { define } from "./define.ts";

const dayMs = 86_400_000;

/** From the local time, which is written as if it were UTC. */
const partsOfInstant: Readonly<Record<string, (local: Date) => number>> = {
  getFullYear: (local) => local.getUTCFullYear(),
  getMonth: (local) => local.getUTCMonth(),
  getDate: (local) => local.getUTCDate(),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDayOfWeek: (local) => local.getUTCDay(),
  getDayOfYear: (local) => Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / dayMs),
  getHours: (local) => local.getUTCHours(),
  getMinutes: (local) => local.getUTCMinutes(),
  getSeconds: (local) => local.getUTCSeconds(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
};

/** Of a duration how many there are in it; milliseconds those beyond the last second. */
const partsOfDuration: Readonly<Record<string, (ns: bigint) => bigint>> = {
  getHours: (ns) => ns / 3_600_000_000_000n,
  getMinutes: (ns) => ns / 60_000_000_000n,
  getSeconds: (ns) => ns / 1_000_000_000n,
  getMilliseconds: (ns) => (ns % 1_000_000_000n) / 1_000_000n,
};

/** The parts of instants and durations that CEL names, of an instant in UTC or in the zone that is given. */
export function timeBuiltins(): readonly Builtin[] {
  const zones = new TimeZones();
  return Object.entries(partsOfInstant).map(([name, partOf]) =>
    define(name, [1, 2], "int", (value = null, zone = "UTC") => {
      if (value instanceof Duration) {
        const count = zone === "UTC" ? partsOfDuration[name] : undefined;
        return count === undefined ? mismatch : Number(count(value.nanoseconds));
      }
      if (!(value instanceof Timestamp) || typeof zone !== "string") return mismatch;
      const { nanoseconds: ns } = value;
      const epochMs = Number(ns / 1_000_000n) - (ns % 1_000_000n < 0n ? 1 : 0);
      const offset = fixedOffsetMs(zone);
      const localMs = offset === undefined ? zones.clockOf(zone)?.(epochMs) : epochMs + offset;
      return localMs === undefined ? new BuiltinFault("an unknown time zone") : partOf(new Date(localMs));
    }),
  );
}

/** `+11:00`, `-02:30`, `02:00`; `undefined`: a name. */
function fixedOffsetMs(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -ms : ms;
}
