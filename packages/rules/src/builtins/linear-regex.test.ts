import { describe, expect, test } from "vitest";
import { compileRegex, maxPatternLength } from "./linear-regex.ts";

function search(pattern: string, text: string): boolean | undefined {
  const compiled = compileRegex(pattern);
  if (compiled.kind === "refused") throw new Error(compiled.message);
  return compiled.regex.search(text);
}

test.each([
  ["disk", "the disk is full", true],
  ["^disk", "the disk is full", false],
  ["full$", "the disk is full", true],
  ["^disk$", "disk", true],
  ["", "anything", true],
  ["^$", "", true],
  ["a.c", "abc", true],
  ["\\bfoo\\b", "a foo b", true],
  ["(?i)CRITICAL|fatal", "critical", true],
  ["^[a-z]+@[a-z.]+$", "someone@example.org", true],
  ["ä", "Käse", true],
  ["^.$", "😀", true],
])("%s finds %j", (pattern, text, found) => {
  expect(search(pattern, text)).toBe(found);
});

describe("refused (row 59)", () => {
  test.each([["(a)\\1"], ["(?=a)b"], ["(?<!a)b"], ["("], ["a{1001}"], ["[z-a]"]])("%s", (pattern) => {
    expect(compileRegex(pattern).kind).toBe("refused");
  });

  test("a pattern over the length limit, and one that expands beyond all measure", () => {
    expect(compileRegex("a".repeat(maxPatternLength)).kind).toBe("compiled");
    expect(compileRegex("a".repeat(maxPatternLength + 1)).kind).toBe("refused");
    expect(compileRegex("(a?){500}a{500}").kind).toBe("refused");
  });
});

test("a text too long for its pattern is not searched", () => {
  expect(search("(x+x+)+y", "x".repeat(100_000))).toBe(false);
  expect(search("(?:[a-z]+ ){40}z", "abc ".repeat(100_000))).toBe(undefined);
});
