import { setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

testCalls([
  ["yaml.unmarshal", ["[1,2,3"], "fault"],
  ["yaml.unmarshal", ["foo:\n- 1\n- a: b"], '{"foo": [1, {"a": "b"}]}'],
  [
    "yaml.unmarshal",
    ["yes: no\n1: 0x1F\nbig: 12345678901234567890\nold: 012"],
    '{"1": 31, "big": 12345678901234567890, "old": 10, "true": false}',
  ],
  [
    "yaml.unmarshal",
    ["at: 12:30\non day: 2020-01-01\ncount: 1_000"],
    '{"at": "12:30", "count": 1000, "on day": "2020-01-01"}',
  ],
  ["yaml.unmarshal", ["base: &b {x: 1}\nmerged:\n  <<: *b\n  z: 2"], '{"base": {"x": 1}, "merged": {"x": 1, "z": 2}}'],
  ["yaml.unmarshal", ["a: 1\na: 2"], '{"a": 2}'],
  ["yaml.unmarshal", ["- 1\n---\n- 2"], "[1]"],
  ["yaml.unmarshal", [""], "null"],
  ["yaml.unmarshal", ["x: !!binary aGVsbG8="], '{"x": "hello"}'],
  ["yaml.unmarshal", ["x: .inf"], "fault"],
  ["yaml.unmarshal", ["? [1]\n: 2"], "fault"],
  ["yaml.unmarshal", [1], "mismatch"],
  ["yaml.is_valid", ["a: b"], "true"],
  ["yaml.is_valid", ["[1,2,3"], "false"],
  ["yaml.is_valid", [1], "false"],
]);

test("what is written reads as what it was, and as Go writes it", () => {
  const value = {
    foo: [1, 1.5, { a: "b" }],
    bar: {},
    baz: [],
    b: true,
    n: null,
    t: "yes",
    u: "12:30",
    q: "a: b",
    m: "x\ny\n",
  };
  expect(call("yaml.marshal", value)).toBe(
    `b: true
bar: {}
baz: []
foo:
- 1
- 1.5
- a: b
m: |
  x
  y
"n": null
q: 'a: b'
t: "yes"
u: "12:30"
`,
  );
  expect(call("yaml.unmarshal", call("yaml.marshal", value) as string)).toEqual(value);
  expect(call("yaml.marshal", setOf(["b", "a"]))).toBe("- a\n- b\n");
});

test("texts read as what they are, whatever they look like", () => {
  const texts = [
    "",
    "~",
    "null",
    "y",
    "No",
    "0x1f",
    "1e3",
    "-.5",
    ".inf",
    "2020-01-01",
    "1_0",
    "=",
    "<<",
    "# x",
    "- a",
    "a\tb",
    " x ",
    "'",
    '"',
    "@x",
    "{a",
    "x\n",
    "\n x",
    "é😀",
    "|",
    "? a",
  ];
  expect(call("yaml.unmarshal", call("yaml.marshal", texts) as string)).toEqual(texts);
});

test("text that stands for more than it is, or is too long to read, is refused", () => {
  const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
  for (let i = 1; i < 10; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join()}]`);
  expect(shown("yaml.unmarshal", lines.join("\n"))).toBe("fault");
  expect(shown("yaml.unmarshal", "[".repeat(60_000))).toBe("fault");
  expect(shown("yaml.unmarshal", "x".repeat(100_000))).toBe("fault");
});
