import { isUtf8 } from "node:buffer";
import { usageError } from "../command-error.ts";

/** Is this a JSON array, rather than one value a line? */
export function isJsonArrayText(bytes: Buffer): boolean {
  return /^\s*\[/.test(bytes.toString("latin1", 0, 4_096));
}

/** The lines that hold something. @throws {CommandError} They are no UTF-8. */
export function linesOf(bytes: Buffer): readonly string[] {
  if (!isUtf8(bytes)) throw usageError("a batch must be UTF-8");
  return bytes
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
