import type { BarResult } from "@acteon/rules/conformance";

/** What came of a public suite, or that it was not run. */
export type BarReport = BarResult | (Pick<BarResult, "suite" | "atLeast"> & { readonly passed?: undefined });

/** One table of all suites; then each suite's cases that do not hold. */
export function renderBars(bars: readonly BarReport[]): string {
  const rows = [["public suite", "passed", "of", "at least", ""], ...bars.map(rowOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
  const table = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${[...table, ...bars.flatMap(failingLines)].join("\n")}\n`;
}

function rowOf(bar: BarReport): readonly string[] {
  const { suite, atLeast } = bar;
  return bar.passed === undefined
    ? [suite, "-", "-", count(atLeast), "not run"]
    : [suite, count(bar.passed), count(bar.of), count(atLeast), bar.passed < atLeast ? "BELOW THE BAR" : ""];
}

function failingLines(bar: BarReport): readonly string[] {
  if (bar.passed === undefined || bar.failing.length === 0) return [];
  const { suite, failing } = bar;
  return [
    "",
    `${suite}: ${count(failing.length)} failing`,
    ...failing.map(({ id, why }) => `  ${oneLine(id)}: ${oneLine(why)}`),
  ];
}

function count(number: number): string {
  return number.toLocaleString("en");
}

/** Cases are expressions and whole modules. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars)}…`;
}

const maxChars = 120;
