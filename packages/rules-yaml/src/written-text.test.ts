import { Findings } from "@acteon/rules";
import { expect, test } from "vitest";

import { readYaml } from "./read-yaml.ts";
import { WrittenText } from "./written-text.ts";

/** Where the first `!` in the value of `a` stands in the file, as `line:column`. */
function placeOfMark(text: string): string {
  const findings = new Findings("a.yaml", text);
  const root = readYaml(findings);
  const scalar = root?.kind === "map" ? root.entries[0]?.value : undefined;
  if (scalar?.kind !== "scalar" || typeof scalar.value !== "string") throw new Error("the test needs a text");
  const at = scalar.value.indexOf("!");
  const { start } = findings.spanOf(new WrittenText(findings, scalar, scalar.value).placeOf(at, at + 1));
  return `${start.line}:${start.column}`;
}

test.each([
  ["plain text", "a: one two !", "1:12"],
  ["double quotes", 'a: "one !"', "1:9"],
  ["escapes in front", String.raw`a: "\t\"\x41\u00e4\U0001F600 !"`, "1:30"],
  ["single quotes with a doubled one", "a: 'it''s !'", "1:11"],
  ["characters beyond 16 bits", 'a: "😀😀 !"', "1:10"],
  ["a plain text over two lines", "a: one\n  two !", "2:7"],
  ["a quoted text over two lines", 'a: "one\n   two !"', "2:8"],
  ["a literal block", "a: |\n  one\n   two !\n", "3:8"],
  ["a folded block", "a: >-\n  one\n  two !\n", "3:7"],
])("a place is found in %s", (_, text, place) => {
  expect(placeOfMark(text)).toBe(place);
});
