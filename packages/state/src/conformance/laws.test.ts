import { expect, test } from "vitest";
import { allowedGaps } from "./known-gaps.ts";
import { stateLaws } from "./laws.ts";

const titles = Object.values(stateLaws)
  .flat()
  .map(({ title }) => title);

test("every law has a title of its own, since gaps are named by it", () => {
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});

test("every gap that may be known is that of a law", () => {
  expect(titles).toEqual(expect.arrayContaining([...new Set(Object.values(allowedGaps).flat())]));
});

test("each of L1 to L9 has laws", () => {
  for (let i = 1; i <= 9; i++)
    expect(
      titles.some((title) => new RegExp(`\\bL${i}\\b`).test(title)),
      `L${i}`,
    ).toBe(true);
});
