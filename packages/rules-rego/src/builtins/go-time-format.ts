import { dayNames, monthNames, parseLayout } from "./go-layout.ts";

/** A time as clocks and calendars of a place show it. */
export interface CivilTime {
  /** Its local time, written as if it were UTC. */
  readonly local: Date;
  /** Of the second. */
  readonly nanosecond: number;
  /** East of UTC. */
  readonly offsetSeconds: number;
  /** `EST`; `undefined`: it has no such name. */
  readonly zoneName: () => string | undefined;
}

/** `time.Format`. */
export function formatTime(time: CivilTime, layout: string): string {
  return parseLayout(layout)
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "field") return fieldText(part.name, time);
      const digits = String(time.nanosecond).padStart(9, "0").slice(0, part.digits).padEnd(part.digits, "0");
      const shown = part.trimmed ? digits.replace(/0+$/, "") : digits;
      return shown === "" ? "" : `${part.point}${shown}`;
    })
    .join("");
}

function fieldText(name: string, { local, offsetSeconds, zoneName }: CivilTime): string {
  const hour = local.getUTCHours();
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  switch (name) {
    case "January":
      return monthNames[local.getUTCMonth()]!;
    case "Jan":
      return monthNames[local.getUTCMonth()]!.slice(0, 3);
    case "01":
      return padded(local.getUTCMonth() + 1);
    case "1":
      return String(local.getUTCMonth() + 1);
    case "Monday":
      return dayNames[local.getUTCDay()]!;
    case "Mon":
      return dayNames[local.getUTCDay()]!.slice(0, 3);
    case "02":
      return padded(local.getUTCDate());
    case "_2":
      return String(local.getUTCDate()).padStart(2);
    case "2":
      return String(local.getUTCDate());
    case "002":
      return padded(dayOfYear(local), 3);
    case "__2":
      return String(dayOfYear(local)).padStart(3);
    case "15":
      return padded(hour);
    case "03":
      return padded(hour12);
    case "3":
      return String(hour12);
    case "04":
      return padded(local.getUTCMinutes());
    case "4":
      return String(local.getUTCMinutes());
    case "05":
      return padded(local.getUTCSeconds());
    case "5":
      return String(local.getUTCSeconds());
    case "2006":
      return padded(local.getUTCFullYear(), 4);
    case "06":
      return padded(local.getUTCFullYear() % 100);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    case "MST":
      return zoneName() ?? offsetText(offsetSeconds % 3_600 === 0 ? "-07" : "-0700", offsetSeconds);
    default:
      return offsetText(name, offsetSeconds);
  }
}

/** `-07`, `-0700`, `-07:00`, with seconds too; with `Z` in front UTC is that letter. */
function offsetText(form: string, offsetSeconds: number): string {
  if (form.startsWith("Z") && offsetSeconds === 0) return "Z";
  const total = Math.abs(offsetSeconds);
  const parts = [total / 3_600, (total / 60) % 60, total % 60].map((part) => padded(Math.floor(part)));
  const count = form.match(/\d\d/g)!.length;
  return (offsetSeconds < 0 ? "-" : "+") + parts.slice(0, count).join(form.includes(":") ? ":" : "");
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
