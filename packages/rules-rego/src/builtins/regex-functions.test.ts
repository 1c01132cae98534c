import { expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

testCalls([
  ["regex.match", [String.raw`^[a-z]+\[[0-9]+\]$`, "foo[1]"], "true"],
  ["regex.match", ["", "x"], "true"],
  ["regex.match", ["$^[[[", "something"], "fault"],
  ["re_match", ["^a", "ba"], "false"],
  ["regex.is_valid", [".+"], "true"],
  ["regex.is_valid", ["++"], "false"],
  ["regex.is_valid", [10], "false"],
  ["regex.find_n", ["a.", "paranormal", -1], '["ar", "an", "al"]'],
  ["regex.find_n", ["a.", "paranormal", 2], '["ar", "an"]'],
  ["regex.find_n", ["a.", "paranormal", 0], "[]"],
  ["regex.find_n", ["a*", "baac", -1], '["", "aa", ""]'],
  ["regex.find_n", ["(", "x", -1], "fault"],
  ["regex.find_all_string_submatch_n", ["a(x*)b(y)?", "-axxb-ab-", -1], '[["axxb", "xx", ""], ["ab", "", ""]]'],
  ["regex.find_all_string_submatch_n", ["a(x*)b", "-ab-axb-", 1], '[["ab", ""]]'],
  ["regex.find_all_string_submatch_n", ["a(x*)b", "-", -1], "[]"],
  ["regex.split", [" +", "a b   c"], '["a", "b", "c"]'],
  ["regex.split", ["/", "/foo/"], '["", "foo", ""]'],
  ["regex.split", ["", "aé"], '["a", "é"]'],
  ["regex.split", ["z+", "pizza"], '["pi", "a"]'],
  ["regex.split", ["a*", "abaabaccadaaae"], '["", "b", "b", "c", "c", "d", "e"]'],
  ["regex.split", ["x", ""], '[""]'],
  ["regex.split", ["", ""], "[]"],
  ["regex.replace", ["-ab-axxb-", "a(x*)b", "T"], '"-T-T-"'],
  ["regex.replace", ["-ab-axxb-", "a(x*)b", "$1W$$ ${1}W"], '"-$ W-$ xxW-"'],
  ["regex.replace", ["-ab-axxb-", "a(?P<x>x*)b", "${x}$x.$9$01"], '"-.-xxxx.-"'],
  ["regex.replace", ["abc", "", "-"], '"-a-b-c-"'],
  ["regex.replace", ["foo", "(foo", "bar"], "fault"],
  ["regex.replace", ["a$b", "b", "$"], '"a$$"'],
  ["regex.template_match", ["urn:foo:{.*}", "urn:foo:bar:baz", "{", "}"], "true"],
  ["regex.template_match", ["urn:foo:<[a-z]+>.", "urn:foo:bar.", "<", ">"], "true"],
  ["regex.template_match", ["urn:foo:<[a-z]+>.", "urn:foo:barx", "<", ">"], "false"],
  ["regex.template_match", ["a{[0-9]{2}}b", "a12b", "{", "}"], "true"],
  ["regex.template_match", ["urn:foo:{.*", "urn:foo:bar", "{", "}"], "fault"],
  ["regex.template_match", ["urn:foo:{.*}", "x", "{{", "}}"], "fault"],
  ["regex.template_match", ["urn:foo:|.*|", "urn:foo:bar", "|", "|"], "fault"],
  ["regex.template_match", ["urn:foo:«.*»", "urn:foo:bar", "«", "»"], "fault"],
  ["regex.template_match", ["{a)(b}", "ab", "{", "}"], "fault"],
  ["regex.globs_match", ["[a-z]+", "[0-9]*"], "false"],
  ["regex.globs_match", [String.raw`[a-z]+\[[0-9]+\]`, String.raw`foo\[1\]`], "true"],
  ["regex.globs_match", [String.raw`[a-z]+\[[0-9]+\]`, 'foo[\\"bar\\"]'], "false"],
  ["regex.globs_match", ["a.a.", ".b.b"], "true"],
  ["regex.globs_match", ["ab*c", "a[b-d]*"], "true"],
  ["regex.globs_match", ["a*", "b*"], "false"],
  ["regex.globs_match", ["", ""], "false"],
  ["regex.globs_match", ["a+b", "ab"], "true"],
  ["regex.globs_match", ["a+b", "b"], "false"],
  ["regex.globs_match", ["pqrs]", "[a-b]+"], "fault"],
  ["regex.globs_match", ["*a", "a"], "fault"],
  ["regex.globs_match", ["[a", "a"], "fault"],
  ["regex.globs_match", ["[b-a]", "a"], "fault"],
  ["regex.globs_match", ["a\\", "a"], "fault"],
]);

test("work is bounded", () => {
  expect(shown("regex.globs_match", "a*".repeat(300), `${"a*".repeat(300)}b`)).toBe("false");
  expect(shown("regex.globs_match", "a*".repeat(40_000), "a*".repeat(40_000))).toBe("fault");
  expect(shown("regex.find_n", "(a?){500}a{500}", "a", -1)).toBe("fault");
  expect(shown("regex.find_n", "[ab]|.*c", "a".repeat(100_000), -1)).toBe("fault");
  expect(shown("regex.replace", "a".repeat(10_000), "a", "$0".repeat(1_000))).toBe("fault");
});
