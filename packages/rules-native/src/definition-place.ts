import { fileURLToPath } from "node:url";

import type { Span } from "@acteon/core";

/**
 * Where the caller of `definer` stands in the source, from one look at the stack; for a verdict that cites file and line.
 * Where the stack does not tell (evaluated code), the file is `native`.
 */
export function definitionPlace(definer: (...args: never[]) => unknown): Span {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, definer);
  const frame = holder.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  const [, location = "native", line = "1", column = "1"] = frameLocation.exec(frame ?? "") ?? [];
  const file = location.startsWith("file:") ? fileURLToPath(location) : location;
  // A stack knows no offset: the position is a line and a column, and the text is not at hand.
  const at = { line: Number(line), column: Number(column), offset: 0 };
  return { file, start: at, end: at };
}

/** `at name (file:///rules.ts:3:14)` or `at /rules.ts:3:14`. */
const frameLocation = /^\s*at (?:.*\()?(?:async )?([^()]+?):(\d+):(\d+)\)?$/;
