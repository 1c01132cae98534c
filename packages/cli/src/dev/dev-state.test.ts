import { describe, expect, test } from "vitest";
import { plain } from "../paint.ts";
import { devFrame } from "./dev-frame.ts";
import type { DevEvent, DevState } from "./dev-state.ts";
import { currentRow, initialState, nextState, shownRows } from "./dev-state.ts";

const start = initialState("http://127.0.0.1:8080", 5);
const after = (state: DevState, ...events: readonly DevEvent[]): DevState => events.reduce(nextState, state);
const key = (name: string): DevEvent => ({ kind: "key", key: name });
const row = (number: number, text = `row ${number}`): DevEvent => ({
  kind: "row",
  row: { number, text, record: undefined },
});
const numbers = (state: DevState): readonly number[] => shownRows(state).map(({ number }) => number);

describe("the state of dev", () => {
  test("rows that come while it is paused wait, and are shown in order afterwards", () => {
    const paused = after(start, row(1), key("p"), row(2), row(3));
    expect({ shown: numbers(paused), waiting: paused.held.length }).toEqual({ shown: [1], waiting: 2 });
    expect(numbers(after(paused, key("p")))).toEqual([1, 2, 3]);
  });

  test("a selected row stays selected while others come; escape lets go of it", () => {
    const selected = after(start, row(1), row(2), row(3), key("k"), row(4));
    expect(currentRow(selected)?.number).toBe(2);
    expect(after(selected, key("j"), key("j")).selected).toBe(4);
    expect(after(selected, key("j"), key("j"), key("j")).selected).toBeUndefined();
    expect(after(selected, key("escape")).selected).toBeUndefined();
  });

  test("what is typed after / filters the rows; escape shows all again", () => {
    const filtered = after(
      start,
      row(1, "executed"),
      row(2, "Deduplicated"),
      key("/"),
      key("d"),
      key("e"),
      key("d"),
      key("q"),
    );
    expect(filtered.filter).toBe("dedq");
    const mended = after(filtered, key("backspace"), key("enter"));
    expect({ typing: mended.typing, shown: numbers(mended) }).toEqual({ typing: false, shown: [2] });
    expect(numbers(after(mended, key("escape")))).toEqual([1, 2]);
  });

  test("mistakes in the rules stay in sight until they are mended", () => {
    const wrong = after(start, { kind: "problems", lines: ["error[ACT-R004]"] }, row(1));
    expect(wrong.problems).toEqual(["error[ACT-R004]"]);
    const mended = after(wrong, { kind: "rules", count: 6, message: "reloaded 6 rules (1 added): x" });
    expect({ problems: mended.problems, ruleCount: mended.ruleCount }).toEqual({ problems: [], ruleCount: 6 });
  });

  test("old rows go: the list is bounded (guarantees O1)", () => {
    const full = after(start, ...Array.from({ length: 600 }, (_, i) => row(i)));
    expect({ length: full.rows.length, first: full.rows[0]?.number }).toEqual({ length: 500, first: 100 });
  });
});

describe("the screen of dev", () => {
  const size = { columns: 60, rows: 12 };

  test("is as large as the terminal, with the newest rows and the keys at its end", () => {
    const state = after(start, ...Array.from({ length: 20 }, (_, i) => row(i + 1)));
    const frame = devFrame(state, size, plain);
    expect(frame).toHaveLength(size.rows);
    expect(Math.max(...frame.map((line) => line.length))).toBeLessThanOrEqual(size.columns);
    expect(frame[0]).toBe("acteon dev  http://127.0.0.1:8080  5 rules");
    expect(frame.slice(2, 10)).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((number) => `row ${number}`));
    expect(frame.at(-1)).toMatch(/^d dispatch {2}j\/k select/);
  });

  test("keeps some of the list beside what was asked for, and says how much is left out", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
    const state = after(start, row(1), row(2), { kind: "panel", title: "action a-1", lines });
    const frame = devFrame(state, size, plain);
    expect(frame.slice(2, 10)).toEqual([
      "row 1",
      "row 2",
      "",
      "action a-1",
      "line 1",
      "line 2",
      "line 3",
      "… 27 lines more",
    ]);
  });

  test("shows an older row that was selected", () => {
    const state = after(
      start,
      ...Array.from({ length: 20 }, (_, i) => row(i + 1)),
      ...Array.from({ length: 18 }, () => key("k")),
    );
    expect(devFrame(state, size, plain).slice(2, 10)).toContain("row 2");
  });

  test("a tiny terminal breaks nothing", () => {
    for (const rows of [1, 2, 3, 5])
      expect(devFrame(after(start, row(1)), { columns: 3, rows }, plain)).toHaveLength(rows);
  });
});
