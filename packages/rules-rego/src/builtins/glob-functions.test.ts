import { expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

testCalls([
  ["glob.match", ["*.github.com", ["."], "api.github.com"], "true"],
  ["glob.match", ["*.github.com", ["."], "api.cdn.github.com"], "false"],
  ["glob.match", ["api.**.com", ["."], "api.cdn.github.com"], "true"],
  ["glob.match", ["*", [], "foo.bar"], "false"],
  ["glob.match", ["*", null, "foo.bar"], "true"],
  ["glob.match", ["*:github:com", [":"], "api:github:com"], "true"],
  ["glob.match", ["?at", [], "cat"], "true"],
  ["glob.match", ["?at", [], "at"], "false"],
  ["glob.match", ["?at", ["f"], "fat"], "false"],
  ["glob.match", ["[abc]at", [], "bat"], "true"],
  ["glob.match", ["[!abc]at", [], "fat"], "true"],
  ["glob.match", ["[!abc]at", [], "cat"], "false"],
  ["glob.match", ["[a-c]at", [], "cat"], "true"],
  ["glob.match", ["[!a-c]at", [], "bat"], "false"],
  ["glob.match", ["{cat,bat,[fr]at}", [], "rat"], "true"],
  ["glob.match", ["{cat,bat,[fr]at}", [], "at"], "false"],
  ["glob.match", ["{a{b,c},d}x", [], "acx"], "true"],
  ["glob.match", ["a,b}", [], "a,b}"], "true"],
  ["glob.match", [String.raw`\*.{\,,x}`, [], "*.,"], "true"],
  ["glob.match", ["a(b|c)^$+.", [], "a(b|c)^$+."], "true"],
  ["glob.match", ["*é", [], "😀é"], "true"],
  ["glob.match", ["a*", [], "a\nb"], "true"],
  ["glob.match", ["[a", [], "a"], "fault"],
  ["glob.match", ["{a", [], "a"], "fault"],
  ["glob.match", ["a\\", [], "a"], "fault"],
  ["glob.match", ["*", ["::"], "a"], "mismatch"],
  ["glob.match", ["*", "a", "a"], "mismatch"],
  ["glob.quote_meta", ["*.{a?}[x]\\"], String.raw`"\\*.\\{a\\?\\}\\[x\\]\\\\"`],
]);

test("a glob of many stars is matched in linear time, or refused", () => {
  expect(shown("glob.match", `${"*a".repeat(50)}b`, [], "a".repeat(5_000))).toBe("false");
  expect(shown("glob.match", "*a".repeat(5_000), [], "a".repeat(5_000))).toBe("fault");
});
