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

function find(pattern: string, text: string, most = Number.POSITIVE_INFINITY): unknown {
  const compiled = compileRegex(pattern);
  if (compiled.kind === "refused") throw new Error(compiled.message);
  return compiled.regex
    .find(text, most)
    ?.map((match) => match.map((extent) => (extent === undefined ? null : text.slice(extent.start, extent.end))));
}

describe("matches one after the other", () => {
  test.each([
    ["a.", "paranormal", [["ar"], ["an"], ["al"]]],
    ["^a.", "abacad", [["ab"]]],
    [".$", "abc", [["c"]]],
    [
      "a(x*)b(y)?",
      "-ab-axby-",
      [
        ["ab", "", null],
        ["axby", "x", "y"],
      ],
    ],
    ["a*", "baac", [[""], ["aa"], [""]]],
    ["", "a😀", [[""], [""], [""]]],
    ["a", "banana", [["a"], ["a"], ["a"]]],
    ["aa", "aaaaa", [["aa"], ["aa"]]],
    ["^a", "aa", [["a"]]],
    ["a$", "aa", [["a"]]],
    ["^aa$", "aa", [["aa"]]],
    ["^$", "", [[""]]],
    ["x", "banana", []],
  ])("%s in %j", (pattern, text, found) => {
    expect(find(pattern, text)).toEqual(found);
  });

  test("no more than asked for", () => {
    expect(find("a.", "paranormal", 2)).toEqual([["ar"], ["an"]]);
    expect(find("a", "banana", 0)).toEqual([]);
  });

  test("not in a text so long that each could look through all of it", () => {
    expect(find("[ab]|.*c", "a".repeat(100_000))).toBe(undefined);
    expect(find("a", "a".repeat(100_000))).toHaveLength(100_000);
  });

  test("groups that have names", () => {
    const compiled = compileRegex("(?P<year>\\d+)-(\\d+)-(?<day>\\d+)");
    expect(compiled.kind === "compiled" && [...compiled.regex.groupNames]).toEqual([
      ["year", 1],
      ["day", 3],
    ]);
  });
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

  test("a pattern that takes long to compile: classes of Unicode, and ranges in them that disregard case", () => {
    expect(compileRegex("\\pL".repeat(50)).kind).toBe("compiled");
    expect(compileRegex("\\pL".repeat(200)).kind).toBe("refused");
    expect(compileRegex("(?i)[à-ÿ]").kind).toBe("compiled");
    expect(compileRegex(`(?i)${"[à-ÿ]".repeat(20)}`).kind).toBe("refused");
    expect(compileRegex("[à-ÿ]".repeat(20)).kind).toBe("compiled");
  });
});

test("a text too long for its pattern is not searched", () => {
  expect(search("(x+x+)+y", "x".repeat(100_000))).toBe(false);
  expect(search("(?:[a-z]+ ){40}z", "abc ".repeat(100_000))).toBe(undefined);
});

test("a pattern whose automaton does not fit into its memory finds the same", () => {
  const pattern = "(a|b)*a(a|b){40}c";
  let state = 1;
  const letters = Array.from({ length: 20_000 }, () =>
    (state = (state * 48_271) % 2_147_483_647) % 2 === 0 ? "a" : "b",
  );
  const text = `${letters.join("")}c`;
  expect(search(pattern, text)).toBe(text.at(-42) === "a");
  expect(search(pattern, `a${text.slice(-41)}`)).toBe(true);
  expect(search(pattern, `b${text.slice(-41)}`)).toBe(false);
});

test("a search takes steps by the pattern's size and the text's length; a literal one none", () => {
  const stepsToSearch = (pattern: string, length: number) => {
    const compiled = compileRegex(pattern);
    return compiled.kind === "compiled" ? compiled.regex.stepsToSearch("x".repeat(length)) : Number.NaN;
  };
  expect(stepsToSearch("abc", 100_000)).toBe(0);
  expect(stepsToSearch("a.c", 100)).toBeGreaterThan(0);
  expect(stepsToSearch("(a.c){9}", 10_000)).toBeGreaterThan(5 * stepsToSearch("a.c", 10_000));
  expect(stepsToSearch("a.c", 100_000)).toBeGreaterThan(8 * stepsToSearch("a.c", 10_000));
});
