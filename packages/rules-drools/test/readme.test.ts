import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { operatorWords } from "../src/operator-words.ts";
import { problemsOf } from "./decide.ts";

const readme = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
const snippets = [...readme.matchAll(/```drl\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

test.each(snippets)("what the README shows loads: %s", async (text) => {
  expect(await problemsOf(text)).toEqual([]);
});

test("the README has examples, and names every operator", () => {
  expect(snippets).toHaveLength(4);
  for (const word of operatorWords) expect(readme).toContain(word === "str" ? "str[startsWith]" : `\`${word}\``);
});
