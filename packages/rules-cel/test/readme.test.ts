import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { celFrontEnd } from "../src/index.ts";

test("the rule of the README loads", () => {
  const text = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
  const [, rule = ""] = /```cel\n([\s\S]*?)```/.exec(text) ?? [];
  expect(celFrontEnd.parse(rule, "readme.cel")).toMatchObject({ kind: "parsed", rules: [{ name: "slack-dedup" }] });
});
