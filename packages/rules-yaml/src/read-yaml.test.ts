import { Findings } from "@acteon/rules";
import { describe, expect, test } from "vitest";

import { maxFileBytes, readYaml } from "./read-yaml.ts";
import { jsonOf } from "./values.ts";
import type { YamlNode } from "./yaml-node.ts";

function read(text: string) {
  const findings = new Findings("rules/a.yaml", text);
  const root = readYaml(findings);
  const problems = findings.sorted().map(({ code, summary, span }) => ({ code, summary, at: place(span.start) }));
  return { root, problems };
}

function place({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`;
}

/** Every scalar and key with the text that its extent covers. */
function covered(text: string, node: YamlNode): [unknown, string][] {
  const slice = ({ start, end }: { readonly start: number; readonly end: number }) => text.slice(start, end);
  switch (node.kind) {
    case "scalar":
      return [[node.value, slice(node)]];
    case "list":
      return node.items.flatMap((item) => covered(text, item));
    case "map":
      return node.entries.flatMap(({ key, keyStart, keyEnd, value }) => [
        [key, slice({ start: keyStart, end: keyEnd })],
        ...covered(text, value),
      ]);
  }
}

describe("places", () => {
  test("every key and value has the extent of what was written, quotes included", () => {
    const text = "a: plain text\n'b': 'it''s'\n\"c\": \"x\\ty\"\nd: [1, {e: true}]\nf:\n";
    const { root, problems } = read(text);
    expect(problems).toEqual([]);
    expect(covered(text, root!)).toEqual([
      ["a", "a"],
      ["plain text", "plain text"],
      ["b", "'b'"],
      ["it's", "'it''s'"],
      ["c", '"c"'],
      ["x\ty", '"x\\ty"'],
      ["d", "d"],
      [1, "1"],
      ["e", "e"],
      [true, "true"],
      ["f", "f"],
      [null, ""],
    ]);
  });

  test("a mapping ends where its last value ends, not at the comment behind it", () => {
    const text = "- a: 1\n  b: two   # why\n\n# next\n- c: 3\n";
    const { root } = read(text);
    const items = root?.kind === "list" ? root.items : [];
    expect(items.map(({ start, end }) => text.slice(start, end))).toEqual(["a: 1\n  b: two", "c: 3"]);
  });

  test("an alias stands for the anchored value, where that is written", () => {
    const text = "a: &x {k: 1}\nb: *x\n";
    const { root } = read(text);
    expect(jsonOf(root!)).toEqual({ a: { k: 1 }, b: { k: 1 } });
    const aliased = root?.kind === "map" ? root.entries[1]?.value : undefined;
    expect(aliased?.start).toBe(text.indexOf("{"));
  });
});

describe("keys and types", () => {
  test("keys are text, whatever they look like", () => {
    expect(jsonOf(read("1: a\ntrue: b\n? ~\n: c\n").root!)).toEqual({ "1": "a", true: "b", "~": "c" });
  });

  test("`!!str` makes text of a number", () => {
    expect(jsonOf(read("a: !!str 5").root!)).toEqual({ a: "5" });
  });

  test("an integer beyond 2^53 keeps its digits", () => {
    expect(JSON.stringify(jsonOf(read("a: 9007199254740993").root!))).toBe('{"a":9007199254740993}');
  });

  test("an empty file, or one of comments, is nothing", () => {
    expect(read("").root).toMatchObject({ kind: "scalar", value: null });
    expect(read("# only words\n").root).toMatchObject({ kind: "scalar", value: null });
  });
});

describe("what is refused (guarantees S9, §8 row 58)", () => {
  test.each([
    ["a key that stands twice", "a: 1\nb: 2\na: 3", "ACT-R003", "3:1"],
    ["a merge key", "base: &b {x: 1}\na:\n  <<: *b\n", "ACT-R003", "3:3"],
    ["a custom tag", "a: !env HOME", "ACT-R003", "1:9"],
    ["a tag of another type", "a: !!binary aGk=", "ACT-R003", "1:13"],
    ["a tag on a mapping", "a: !!map {x: 1}", "ACT-R003", "1:10"],
    ["the key __proto__", "a:\n  __proto__: {x: 1}", "ACT-R003", "2:3"],
    ["prototype in constructor", "constructor:\n  prototype: 1", "ACT-R003", "2:3"],
    ["a number that JSON has not", "a: .inf", "ACT-R003", "1:4"],
    ["a key that is a list", "? [a]\n: b", "ACT-R003", "1:3"],
    ["an alias without its anchor", "a: *nobody", "ACT-R001", "1:4"],
    ["an anchor that holds itself", "a: &a [*a]", "ACT-R001", "1:8"],
    ["a second document", "a: 1\n---\nb: 2", "ACT-R001", "2:1"],
    ["a bracket that is never closed", "a: [1, 2\nb: 3", "ACT-R001", "2:1"],
    ["indentation that fits nothing", "a:\n    b: 1\n  c: 2", "ACT-R001", "3:1"],
  ])("%s", (_, text, code, at) => {
    const [first] = read(text).problems;
    expect(first).toMatchObject({ at, code });
  });

  test("a merge key in quotes is an ordinary key", () => {
    expect(jsonOf(read('"<<": 1').root!)).toEqual({ "<<": 1 });
  });

  test("fifty aliases are enough, fifty-one are too many", () => {
    const aliases = (count: number) => `a: &a 1\nb: [${Array(count).fill("*a").join(", ")}]`;
    expect(read(aliases(50)).problems).toEqual([]);
    expect(read(aliases(51)).problems).toMatchObject([
      { code: "ACT-R003", summary: expect.stringContaining("50 aliases") },
    ]);
  });

  test("a few aliases that name a hundred thousand values are refused", () => {
    const levels = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"];
    for (let i = 1; i <= 7; i++)
      levels.push(
        `a${i}: &a${i} [${Array(7)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(read(levels.join("\n")).problems).toMatchObject([{ code: "ACT-R002" }]);
  });

  test("more than 64 levels are refused, in either style", () => {
    expect(read("[".repeat(64) + "]".repeat(64)).problems).toEqual([]);
    expect(read("[".repeat(65) + "]".repeat(65)).problems).toMatchObject([{ code: "ACT-R002" }]);
    const block = Array.from({ length: 65 }, (_, i) => `${" ".repeat(i)}a:`).join("\n");
    expect(read(block).problems).toMatchObject([{ code: "ACT-R002" }]);
  });

  test("aliases do not add levels beyond 64", () => {
    const deep = (levels: number) =>
      `a: &a ${"[".repeat(levels)}${"]".repeat(levels)}\nb: ${"[".repeat(20)}*a${"]".repeat(20)}`;
    expect(read(deep(43)).problems).toEqual([]);
    expect(read(deep(44)).problems).toMatchObject([{ code: "ACT-R002", at: "2:24" }]);
  });

  test("a file of more than 1 MiB is not read", () => {
    const text = `a: ${"ü".repeat(maxFileBytes / 2)}`;
    expect(read(text)).toMatchObject({ root: undefined, problems: [{ code: "ACT-R002", at: "1:1" }] });
  });
});
