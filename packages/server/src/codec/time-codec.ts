import type { JsonObject } from "@acteon/core";

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The fields of `time` that rules see (`wire-api.md` §26.5), at an instant in a time zone. */
export function timeToWire(nowMs: number, timeZone: string): JsonObject {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    weekday: "long",
  });
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const weekday = parts.get("weekday") ?? "";
  return {
    hour: Number(parts.get("hour")),
    minute: Number(parts.get("minute")),
    second: Number(parts.get("second")),
    day: Number(parts.get("day")),
    month: Number(parts.get("month")),
    year: Number(parts.get("year")),
    weekday,
    weekday_num: weekdays.indexOf(weekday) + 1,
    timestamp: Math.floor(nowMs / 1_000),
  };
}
