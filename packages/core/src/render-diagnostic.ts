import type { Diagnostic, Span } from "./diagnostic.ts";
import { displayWidth, printable } from "./display-width.ts";
import { createLineIndex } from "./line-index.ts";
import type { LineIndex } from "./line-index.ts";

/**
 * A finding as framed text (`ux.md` §5), without a line end after it. Labels in other files than the finding's are told as
 * notes.
 * @param source The text of the file that the finding is in; `undefined` where it cannot be shown.
 */
export function renderDiagnostic(
  { severity, code, summary, span, label = "", labels = [], notes = [], help }: Diagnostic,
  source: string | undefined,
  { colour }: { readonly colour: boolean },
): string {
  const paint = colour ? painted : plain;
  const marks: readonly Mark[] = [
    { span, text: label, style: severity },
    ...labels.filter((other) => other.span.file === span.file).map((other) => ({ ...other, style: "frame" as const })),
  ];
  const elsewhere = labels.filter((other) => other.span.file !== span.file);
  const gutter = Math.max(2, ...marks.map((mark) => String(mark.span.start.line).length));
  const bar = (line: number | undefined, text: string): string => {
    const number = line === undefined ? "" : String(line);
    return `${paint("frame", `${number.padStart(gutter)} |`)}${text === "" ? "" : ` ${text}`}`;
  };

  const rows = [
    `${paint(severity, `${severity}[${code}]`)}: ${paint("strong", printable(summary))}`,
    `${" ".repeat(gutter)}${paint("frame", "-->")} ${position(span)}`,
  ];
  if (source !== undefined) {
    rows.push(bar(undefined, ""), ...frameRows(createLineIndex(source), marks, bar, paint));
    if (help !== undefined && notes.length + elsewhere.length === 0) rows.push(bar(undefined, ""));
  } else if (label !== "") {
    rows.push(`note: ${printable(label)}`);
  }
  for (const other of elsewhere) rows.push(`note: ${position(other.span)}: ${printable(other.text)}`);
  for (const note of notes) rows.push(`note: ${printable(note)}`);
  if (help !== undefined) rows.push(`${paint("help", "help")}: ${printable(help)}`);
  return rows.join("\n");
}

/** What is pointed at: the finding itself, or something that has to do with it. */
interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly style: Diagnostic["severity"] | "frame";
}

function position({ file, start }: Span): string {
  return `${printable(file)}:${start.line}:${start.column}`;
}

/** The lines that are pointed at, each with its marks below; a lone finding has the line before it for orientation. */
function frameRows(
  lines: LineIndex,
  marks: readonly Mark[],
  bar: (line: number | undefined, text: string) => string,
  paint: Paint,
): readonly string[] {
  const marksByLine = Map.groupBy(marks, ({ span }) => span.start.line);
  const rows: string[] = [];
  for (const [line, ofLine] of [...marksByLine].sort(([a], [b]) => a - b)) {
    const before = marks.length === 1 ? lines.lineText(line - 1) : "";
    if (before.trim() !== "") rows.push(bar(line - 1, printable(before)));
    rows.push(bar(line, printable(lines.lineText(line))));
    for (const row of markRows(lines.lineText(line), ofLine, paint)) rows.push(bar(undefined, row));
  }
  return rows;
}

/** Carets and dashes below a line, the text of the rightmost mark behind them, those of the others in rows of their own. */
function markRows(line: string, marks: readonly Mark[], paint: Paint): readonly string[] {
  const cells = marks.map((mark) => ({ ...mark, ...cellsOf(line, mark.span) })).sort((a, b) => b.start - a.start);
  const [rightmost, ...others] = cells;
  if (rightmost === undefined) return [];
  const width = Math.max(...cells.map(({ end }) => end));
  const styles = Array.from({ length: width }, (_, at) => {
    const over = cells.filter(({ start, end }) => start <= at && at < end).map(({ style }) => style);
    return over.find((style) => style !== "frame") ?? over[0];
  });
  let underline = "";
  for (let at = 0, end = 0; at < width; at = end) {
    const style = styles[at];
    while (end < width && styles[end] === style) end++;
    if (style === undefined) underline += " ".repeat(end - at);
    else underline += paint(style, (style === "frame" ? "-" : "^").repeat(end - at));
  }
  return [
    rightmost.text === "" ? underline : `${underline} ${paint(rightmost.style, printable(rightmost.text))}`,
    ...others
      .filter(({ text }) => text !== "")
      .map(({ start, text, style }) => `${" ".repeat(start)}${paint(style, printable(text))}`),
  ];
}

/** From which cell of the printed line to which, the end excluded; what goes on in later lines ends with this one. */
function cellsOf(line: string, { start, end }: Span): { readonly start: number; readonly end: number } {
  const from = start.column - 1;
  const to = end.line === start.line ? end.column - 1 : line.length;
  const startCell = displayWidth(printable(line.slice(0, from)));
  return { start: startCell, end: startCell + Math.max(1, displayWidth(printable(line.slice(from, to)))) };
}

type Style = Diagnostic["severity"] | "frame" | "help" | "strong";
type Paint = (style: Style, text: string) => string;

const plain: Paint = (_style, text) => text;
const painted: Paint = (style, text) => `\u001b[${ansi[style]}m${text}\u001b[0m`;
const ansi: Readonly<Record<Style, string>> = {
  error: "1;31",
  warning: "1;33",
  frame: "34",
  help: "1;32",
  strong: "1",
};
