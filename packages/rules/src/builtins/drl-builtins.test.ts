import { expect, test } from "vitest";
import { Duration, Timestamp } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import { createBuiltinTable } from "./builtin-table.ts";
import { soundex } from "./soundex.ts";

const table = createBuiltinTable();

function run(name: string, ...args: readonly Value[]): unknown {
  return table.get(name)!.run(...args);
}

test("from goes through the elements of a list, through anything else as it is, and through null not at all", () => {
  expect(run("elementsOf", [1, null])).toEqual([1, null]);
  expect(run("elementsOf", { a: 1 })).toEqual([{ a: 1 }]);
  expect(run("elementsOf", "text")).toEqual(["text"]);
  expect(run("elementsOf", null)).toEqual([]);
});

test.each<readonly [string, readonly Value[], unknown]>([
  ["sumOf", [1, 2, null, 3.5], 6.5],
  ["sumOf", [], 0],
  ["sumOf", ["a"], mismatch],
  ["averageOf", [1, null, 2], 1.5],
  ["averageOf", [], null],
  ["averageOf", ["a"], mismatch],
  ["minOf", [3, null, 1, 2], 1],
  ["maxOf", [3, null, 1, 2], 3],
  ["maxOf", ["a", "b"], "b"],
  ["minOf", [], null],
  ["minOf", [1, true], mismatch],
])("%s of %j", (name, list, expected) => {
  expect(run(name, list)).toEqual(expected);
});

test("a sum beyond 64 bits is a fault, and of what is no list there is none", () => {
  expect(run("sumOf", [2n ** 62n, 2n ** 62n])).toBeInstanceOf(BuiltinFault);
  for (const name of ["sumOf", "averageOf", "minOf"]) expect(run(name, null)).toBe(mismatch);
});

test.each([
  ["Robert", "R163"],
  ["Rupert", "R163"],
  ["Ashcraft", "A261"],
  ["Tymczak", "T522"],
  ["Pfister", "P236"],
  ["Honeyman", "H555"],
  ["O'Hara", "O600"],
  ["", ""],
  ["42", ""],
])("%s sounds like %s", (word, code) => {
  expect(soundex(word)).toBe(code);
});

test("two words that sound alike", () => {
  expect(run("soundsLike", "Robert", "Rupert")).toBe(true);
  expect(run("soundsLike", "Robert", "Rubin")).toBe(false);
  expect(run("soundsLike", null, "Rubin")).toBe(mismatch);
});

test("the time between two instants, in whatever form they are", () => {
  const noon = "2026-03-01T12:00:00Z";
  expect(run("elapsed", noon, "2026-03-01T13:00:00+01:00")).toEqual(new Duration(0n));
  expect(run("elapsed", noon, Timestamp.ofMs(Date.parse(noon) - 5))).toEqual(Duration.ofMs(-5));
  expect(run("elapsed", Date.parse(noon), noon)).toEqual(new Duration(0n));
  expect(run("elapsed", null, noon)).toBe(mismatch);
  expect(run("elapsed", "yesterday", noon)).toBeInstanceOf(BuiltinFault);
});

test("the end of what takes some time", () => {
  const start = "2026-03-01T12:00:00Z";
  const end = Timestamp.ofMs(Date.parse(start) + 60_000);
  expect(run("endOf", start, "1m")).toEqual(end);
  expect(run("endOf", start, 60_000)).toEqual(end);
  expect(run("endOf", start, Duration.ofMs(60_000))).toEqual(end);
  expect(run("endOf", start, null)).toBe(mismatch);
  expect(run("endOf", start, "soon")).toBeInstanceOf(BuiltinFault);
  expect(run("endOf", "9999-12-31T23:59:59Z", "1m")).toBeInstanceOf(BuiltinFault);
});
