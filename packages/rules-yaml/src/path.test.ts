import { expect, test } from "vitest";

import { parsePath } from "./path.ts";

test.each([
  ["action", "action", []],
  ["action.provider", "action", ["provider"]],
  ["action.payload.items[0].name", "action", ["payload", "items", 0, "name"]],
  ['action.payload["a.b"]', "action", ["payload", "a.b"]],
  ["action.payload[ 'a b' ].c", "action", ["payload", "a b", "c"]],
  ["action.metadata.my-team", "action", ["metadata", "my-team"]],
])("%s is a path", (text, root, keys) => {
  const parsed = parsePath(text, 0);
  expect(parsed).toMatchObject({ kind: "parsed", path: { root, start: 0, end: text.length } });
  expect(parsed.kind === "parsed" && parsed.path.segments.map(({ key }) => key)).toEqual(keys);
});

test.each([
  ["", 0],
  ["5", 0],
  ["action.", 7],
  ["action..b", 7],
  ["action.a[", 9],
  ["action.a[-1]", 9],
  ["action.a[b]", 9],
])("in %j the mistake is at character %i", (text, at) => {
  expect(parsePath(text, 0)).toMatchObject({ kind: "rejected", at });
});

test("a path ends where something begins that cannot be in it, and segments know where they stand", () => {
  expect(parsePath("  action.payload[12] }}", 2)).toEqual({
    kind: "parsed",
    path: {
      root: "action",
      start: 2,
      end: 20,
      segments: [
        { key: "payload", bracketed: false, start: 9, end: 16 },
        { key: 12, bracketed: true, start: 17, end: 19 },
      ],
    },
  });
});
