/** The clock of a time zone: its local time, written as if it were UTC. */
export type ZoneClock = (nowMs: number) => number;

/** More than there are: a name may come from a payload. */
const maxZones = 1_000;

/** Time zones by IANA name, each opened once. */
export class TimeZones {
  readonly #clocks = new Map<string, ZoneClock | undefined>();

  /** `undefined`: there is no such zone. */
  clockOf(zone: string): ZoneClock | undefined {
    if (!this.#clocks.has(zone)) {
      if (this.#clocks.size >= maxZones) this.#clocks.clear();
      this.#clocks.set(zone, openZone(zone));
    }
    return this.#clocks.get(zone);
  }
}

function openZone(zone: string): ZoneClock | undefined {
  if (zone === "UTC") return (nowMs) => nowMs;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
  // Formatting costs microseconds, and offsets change on the minute at the earliest.
  let minute = Number.NaN;
  let offsetMs = 0;
  return (nowMs) => {
    const nowMinute = Math.floor(nowMs / 60_000);
    if (nowMinute !== minute) {
      offsetMs = offsetOf(format, nowMs);
      minute = nowMinute;
    }
    return nowMs + offsetMs;
  };
}

function offsetOf(format: Intl.DateTimeFormat, nowMs: number): number {
  const name = format.formatToParts(nowMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds = "0"] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === "-" ? -ms : ms;
}
