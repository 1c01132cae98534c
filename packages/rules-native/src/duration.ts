import { parseDuration } from "@acteon/core";
import type { Span } from "@acteon/core";
import { durationLiteral } from "@acteon/rules";
import type { Expr } from "@acteon/rules";

/** A length of time as everywhere in Acteon: `"5m"`, `"1h30m"`. */
export type DurationText = `${number}${"d" | "h" | "m" | "s" | "ms"}` | `${number}${"d" | "h" | "m" | "s"}${string}`;

/** @throws {RangeError} The text is no duration, or none at all. */
export function durationExpr(text: DurationText, span: Span): Expr {
  const duration = parseDuration(text);
  if (duration.kind === "rejected") throw new RangeError(`a duration ${duration.message}, not ${JSON.stringify(text)}`);
  if (duration.ms === 0) throw new RangeError("a window must be longer than nothing");
  return durationLiteral(duration.ms, span);
}
