import { durationLiteral, node, windowOf } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { reportError } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A length of time as rules write it: a text such as `"5m"`, or whole nanoseconds. */
export function windowIn(window: Expr | undefined, scope: Scope): Expr | undefined {
  if (window === undefined) return undefined;
  const { span } = window;
  if (window.kind !== "literal") {
    return node({ kind: "call", name: "rego.duration", args: [window], semantics: "rego", span });
  }
  if (window.type === "int") return durationLiteral(Number(window.value) / 1e6, span);
  const duration = windowOf(window);
  if (duration === window) {
    reportError(scope, {
      code: "ACT-R019",
      at: { start: span.start.offset, end: span.end.offset },
      summary: "this is no duration",
      help: "durations read `30s`, `5m`, `1h30m`",
    });
  }
  return duration;
}
