import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { PacedLines } from "./paced-lines.ts";

function paced() {
  const clock = createFakeClock();
  const told: Record<string, number>[] = [];
  const lines = new PacedLines({ maxPerSecond: 2, clock, onMore: (counts) => told.push(Object.fromEntries(counts)) });
  return { clock, lines, told };
}

test("so many a second are shown, the rest is told once as a count, at the end of that second", () => {
  const { clock, lines, told } = paced();
  expect(["executed", "executed", "executed", "deduplicated", "executed"].map((kind) => lines.admits(kind))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  clock.advance(999);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual([{ executed: 2, deduplicated: 1 }]);
  clock.advance(10_000);
  expect(told).toHaveLength(1);
  expect(lines.admits("executed")).toBe(true);
});

test("a quiet stream is shown whole, and nothing is told", () => {
  const { clock, lines, told } = paced();
  for (let i = 0; i < 10; i++) {
    expect(lines.admits("executed")).toBe(true);
    clock.advance(600);
  }
  lines[Symbol.dispose]();
  expect(told).toEqual([]);
});

test("what is still to be told is told at the end", () => {
  const { lines, told } = paced();
  for (let i = 0; i < 5; i++) lines.admits("executed");
  lines[Symbol.dispose]();
  expect(told).toEqual([{ executed: 3 }]);
});
