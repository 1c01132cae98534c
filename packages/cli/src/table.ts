import type { Paint } from "./paint.ts";
import { visible } from "./paint.ts";

/** Rows under a heading, in columns as wide as what is in them. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const shown = rows.map((row) => row.map(visible));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...shown.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [paint("dim", line(heading)), ...shown.map(line)].join("\n");
}
