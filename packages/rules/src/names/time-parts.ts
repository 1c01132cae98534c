import type { TimePart } from "../ir/expr.ts";

/** The members of `time` (`wire-api.md` §26.5). */
export const timeParts: readonly TimePart["part"][] = [
  "hour",
  "minute",
  "second",
  "day",
  "month",
  "year",
  "weekday",
  "weekday_num",
  "timestamp",
];
