import type { Position, Span } from "./diagnostic.ts";

/** Where the lines of a text begin, so that an offset becomes a line and a column. */
export interface LineIndex {
  /** An offset outside of the text is taken for its nearest end. */
  positionAt(offset: number): Position;
  /** The text of a line, without its end; lines from 1. Empty where there is no such line. */
  lineText(line: number): string;
}

/** Lines end in `\n` or `\r\n`. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);

  return {
    positionAt(offset) {
      const inside = Math.min(Math.max(offset, 0), text.length);
      let line = 0;
      let beyond = starts.length;
      while (beyond - line > 1) {
        const middle = (line + beyond) >> 1;
        if ((starts[middle] as number) <= inside) line = middle;
        else beyond = middle;
      }
      return { line: line + 1, column: inside - (starts[line] as number) + 1, offset: inside };
    },
    lineText(line) {
      const start = starts[line - 1];
      return start === undefined ? "" : text.slice(start, starts[line]).replace(/\r?\n$/, "");
    },
  };
}

/** The span of `file` from `start` up to `end`, as offsets in UTF-16 units. */
export function spanAt(lines: LineIndex, file: string, start: number, end: number): Span {
  return { file, start: lines.positionAt(start), end: lines.positionAt(end) };
}
