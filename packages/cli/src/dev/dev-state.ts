import type { AuditRecord } from "@acteon/audit";

/** Rows that are kept; older ones go. */
const maxRows = 500;

/** Everything that the screen of `acteon dev` shows. Changed only by `nextState`. */
export interface DevState {
  readonly url: string;
  readonly ruleCount: number;
  /** Oldest first. */
  readonly rows: readonly DevRow[];
  /** Came while paused, and wait. */
  readonly held: readonly DevRow[];
  readonly paused: boolean;
  /** By number; `undefined`: the newest, whichever that is. */
  readonly selected: number | undefined;
  /** Rows without it are hidden; "" hides none. */
  readonly filter: string;
  /** Keys go to the filter. */
  readonly typing: boolean;
  /** What was asked for about a row. */
  readonly panel: { readonly title: string; readonly lines: readonly string[] } | undefined;
  /** Mistakes in the rules on disk, framed, until they are mended. */
  readonly problems: readonly string[];
  /** The last thing that there was to say. */
  readonly message: string;
}

/** One line of the list: an action, or something else that happened. */
export interface DevRow {
  /** Rises from row to row, and is never used twice. */
  readonly number: number;
  readonly text: string;
  readonly record: AuditRecord | undefined;
}

export type DevEvent =
  | { readonly kind: "row"; readonly row: DevRow }
  | { readonly kind: "rules"; readonly count: number; readonly message: string }
  | { readonly kind: "problems"; readonly lines: readonly string[] }
  | { readonly kind: "panel"; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "key"; readonly key: string };

export function initialState(url: string, ruleCount: number): DevState {
  return {
    url,
    ruleCount,
    rows: [],
    held: [],
    paused: false,
    selected: undefined,
    filter: "",
    typing: false,
    panel: undefined,
    problems: [],
    message: "press d to dispatch a sample action",
  };
}

/** Pure: what the screen is after something has happened. */
export function nextState(state: DevState, event: DevEvent): DevState {
  switch (event.kind) {
    case "row":
      return state.paused
        ? { ...state, held: bounded([...state.held, event.row]) }
        : { ...state, rows: bounded([...state.rows, event.row]) };
    case "rules":
      return { ...state, ruleCount: event.count, message: event.message, problems: [] };
    case "problems":
      return { ...state, problems: event.lines, message: "not reloaded: the old rules stay in force" };
    case "panel":
      return { ...state, panel: { title: event.title, lines: event.lines } };
    case "message":
      return { ...state, message: event.text };
    case "key":
      return state.typing ? typed(state, event.key) : pressed(state, event.key);
  }
}

function bounded(rows: readonly DevRow[]): readonly DevRow[] {
  return rows.length > maxRows ? rows.slice(-maxRows) : rows;
}

function typed(state: DevState, key: string): DevState {
  if (key === "enter") return { ...state, typing: false };
  if (key === "escape") return { ...state, typing: false, filter: "" };
  if (key === "backspace") return { ...state, filter: state.filter.slice(0, -1) };
  return key.length === 1 ? { ...state, filter: state.filter + key } : state;
}

function pressed(state: DevState, key: string): DevState {
  switch (key) {
    case "j":
    case "down":
      return moved(state, 1);
    case "k":
    case "up":
      return moved(state, -1);
    case "p":
      return state.paused
        ? { ...state, paused: false, rows: bounded([...state.rows, ...state.held]), held: [] }
        : { ...state, paused: true };
    case "/":
      return { ...state, typing: true };
    case "escape":
      return { ...state, panel: undefined, filter: "", selected: undefined };
    default:
      return state;
  }
}

/** Past the newest the selection follows what comes. */
function moved(state: DevState, by: 1 | -1): DevState {
  const rows = shownRows(state);
  const at = rows.findIndex(({ number }) => number === state.selected);
  const from = at === -1 ? rows.length - 1 : at;
  const to = Math.max(0, from + by);
  return { ...state, selected: rows[to]?.number, panel: undefined };
}

export function shownRows({ filter, rows }: DevState): readonly DevRow[] {
  const wanted = filter.toLowerCase();
  return wanted === "" ? rows : rows.filter(({ text }) => text.toLowerCase().includes(wanted));
}

/** The row that keys are about: the one selected, else the newest action. */
export function currentRow(state: DevState): DevRow | undefined {
  const rows = shownRows(state);
  return rows.find(({ number }) => number === state.selected) ?? rows.findLast(({ record }) => record !== undefined);
}
