/** Is this a JSON array, rather than one value a line? */
export function isJsonArrayText(bytes: Buffer): boolean {
  return /^\s*\[/.test(bytes.toString("latin1", 0, 4_096));
}

/** The lines that hold something. */
export function linesOf(bytes: Buffer): readonly string[] {
  return bytes
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
