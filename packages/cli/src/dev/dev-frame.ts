import { outcomeCategory } from "@acteon/core";
import type { Paint } from "../paint.ts";
import { styleOf } from "../wire-outcome.ts";
import type { DevRow, DevState } from "./dev-state.ts";
import { currentRow, shownRows } from "./dev-state.ts";

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const footer =
  "d dispatch  j/k select  enter details  e explain  r replay  c copy as curl  p pause  / filter  ? help  q quit";

/** So much of the list stays in sight beside what was asked for about it. */
const minListRows = 4;

/** Pure: the screen, a text a line, as many as fit. The list ends with the newest row unless an older one is selected. */
export function devFrame(state: DevState, { columns, rows }: ScreenSize, paint: Paint): readonly string[] {
  const fit = (text: string): string => (text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text);
  const head = fit(`acteon dev  ${state.url}  ${state.ruleCount} rules${pauseText(state)}${filterText(state)}`);
  const room = Math.max(0, rows - 4);
  const below = belowList(state, room - Math.min(minListRows, shownRows(state).length)).map(fit);
  const list = visibleRows(state, room - below.length).map((row) =>
    rowLine(row, row === currentRow(state), fit, paint),
  );
  const gap = Array.from({ length: Math.max(0, room - below.length - list.length) }, () => "");
  const prompt = state.typing ? `/${state.filter}_` : state.message;
  return [paint("strong", head), "", ...list, ...gap, ...below, fit(prompt), paint("dim", fit(footer))].slice(0, rows);
}

function pauseText({ paused, held }: DevState): string {
  return paused ? `  paused, ${held.length} waiting` : "";
}

function filterText({ filter }: DevState): string {
  return filter === "" ? "" : `  only with "${filter}"`;
}

/** The frames of what is wrong come before what was asked for: nothing goes on before they are mended. */
function belowList({ panel, problems }: DevState, room: number): readonly string[] {
  const lines = problems.length > 0 ? problems : panel === undefined ? [] : [panel.title, ...panel.lines];
  if (lines.length === 0) return [];
  const shown =
    lines.length < room
      ? lines
      : [...lines.slice(0, Math.max(0, room - 2)), `… ${lines.length - Math.max(0, room - 2)} lines more`];
  return ["", ...shown];
}

/** So many rows that the selected one is among them. */
function visibleRows(state: DevState, room: number): readonly DevRow[] {
  const rows = shownRows(state);
  const at = rows.findIndex(({ number }) => number === state.selected);
  const end = at === -1 ? rows.length : Math.max(at + 1, Math.min(rows.length, room));
  return rows.slice(Math.max(0, end - room), end);
}

function rowLine({ record, text }: DevRow, isCurrent: boolean, fit: (text: string) => string, paint: Paint): string {
  const line = fit(text);
  if (isCurrent) return paint("selected", line);
  if (record === undefined) return paint("dim", line);
  const category = outcomeCategory(record.outcome);
  return line.startsWith(category) ? `${paint(styleOf(category), category)}${line.slice(category.length)}` : line;
}
