import { DataDamagedError } from "@acteon/core";

/** The id of a line as it stands there, between its quotes. */
export function rawIdOf(line: string): string {
  const raw = idOfLine.exec(line)?.[1];
  if (raw === undefined) throw new DataDamagedError("a line of the audit trail is damaged");
  return raw;
}

const idOfLine = /^\["((?:[^"\\]|\\.)*)"/;

/** The record id of a line. */
export function idOf(line: string): string {
  return JSON.parse(`"${rawIdOf(line)}"`) as string;
}

/** The lines with their line feeds, where they lie. */
export function splitLines(lines: Buffer): Buffer[] {
  const split: Buffer[] = [];
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf("\n", at) + 1;
    split.push(lines.subarray(at, end));
    at = end;
  }
  return split;
}
