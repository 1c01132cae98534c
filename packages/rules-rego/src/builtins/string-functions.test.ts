import { mapOf, setOf } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

testCalls([
  ["contains", ["abcdefgh", "defg"], "true"],
  ["startswith", ["abcd", "bc"], "false"],
  ["endswith", ["abcd", "cd"], "true"],
  ["lower", ["AbC"], '"abc"'],
  ["upper", ["AbC"], '"ABC"'],
  ["replace", ["foo...bar", "..", ",,"], '"foo,,.bar"'],
  ["replace", ["ab", "", "-"], '"-a-b-"'],
  ["split", ["foo.bar", "."], '["foo", "bar"]'],
  ["split", ["åß", ""], '["å", "ß"]'],
  ["split", ["", ""], "[]"],
  ["split", ["", "."], '[""]'],
  ["strings.split_n", ["a,b,c", ",", 2], '["a", "b,c"]'],
  ["strings.split_n", ["a,b,c", ",", -1], '["a", "b", "c"]'],
  ["strings.split_n", ["a,b,c", ",", 0], "[]"],
  ["trim_space", [" \t\n foo, bar \n\r\n"], '"foo, bar"'],
  ["concat", ["/", ["", "foo", "bar"]], '"/foo/bar"'],
  ["concat", [",", setOf(["b", "a"])], '"a,b"'],
  ["concat", [",", ["a", 1]], "mismatch"],
  ["format_int", [15.5, 16], '"f"'],
  ["format_int", [-15.5, 2], '"-1111"'],
  ["format_int", [28_857_836_529_306_024_611_913n, 10], '"28857836529306024611913"'],
  ["format_int", [4.1, 199], "mismatch"],
  ["indexof", ["abcabcabcdefgh", "cde"], "8"],
  ["indexof", ["😀ß", "ß"], "1"],
  ["indexof", ["abc", "x"], "-1"],
  ["indexof", ["abc", ""], "fault"],
  ["indexof_n", ["aaaa", "aa"], "[0, 1, 2]"],
  ["indexof_n", ["abcab", "ab"], "[0, 3]"],
  ["indexof_n", ["abc", "x"], "[]"],
  ["strings.any_prefix_match", ["a/b", ["x", "a/"]], "true"],
  ["strings.any_prefix_match", [setOf(["b", "ab"]), "a"], "true"],
  [
    "strings.any_prefix_match",
    [
      ["b", "c"],
      ["a", "bb", "d"],
    ],
    "false",
  ],
  ["strings.any_prefix_match", [[], []], "false"],
  ["strings.any_prefix_match", [["a"], [""]], "true"],
  ["strings.any_prefix_match", [[1], ["a"]], "mismatch"],
  [
    "strings.any_suffix_match",
    [
      ["a/b/c", "e/f/g"],
      ["/a", "f/g"],
    ],
    "true",
  ],
  ["strings.any_suffix_match", [["aa/bb/cc"], ["b/c"]], "false"],
  ["strings.any_suffix_match", ["a😀", "😀"], "true"],
  ["strings.count", ["cheese", "e"], "3"],
  ["strings.count", ["aaaa", "aa"], "2"],
  ["strings.count", ["åß", ""], "3"],
  ["strings.replace_n", [{ "<": "&lt;", ">": "&gt;" }, "<b>x</b>"], '"&lt;b&gt;x&lt;/b&gt;"'],
  ["strings.replace_n", [{ foo: "xxx", f: "x" }, "foobar"], '"xoobar"'],
  ["strings.replace_n", [{ a: "b", b: "a" }, "ab"], '"ba"'],
  ["strings.replace_n", [{ "": "-", b: "X" }, "ab"], '"-a-X-"'],
  ["strings.replace_n", [mapOf([[2, "x"]])!, "foo"], "mismatch"],
  ["strings.replace_n", [{ f: 100 }, "foo"], "mismatch"],
  ["strings.reverse", ["a😀b"], '"b😀a"'],
  ["substring", ["abcdefghåäö", 2, 10_000], '"cdefghåäö"'],
  ["substring", ["åäö", 1, 1], '"ä"'],
  ["substring", ["åäö", 1, -1], '"äö"'],
  ["substring", ["aaa", 4, -1], '""'],
  ["substring", ["aaa", -1, 2], "fault"],
  ["trim", ["...foo.bar...", ".fr"], '"oo.ba"'],
  ["trim", ["¡¡¡foo, bar!!!", "i"], '"¡¡¡foo, bar!!!"'],
  ["trim_left", ["¡¡foo¡", "¡"], '"foo¡"'],
  ["trim_right", ["¡¡¡foo, bar!!!", "!¡"], '"¡¡¡foo, bar"'],
  ["trim_prefix", ["¡¡foo", "¡"], '"¡foo"'],
  ["trim_suffix", ["foo, bar!", ", bar!"], '"foo"'],
  ["trim_suffix", ["foo", ""], '"foo"'],
]);

describe("sprintf: what a policy passes", () => {
  testCalls([
    ["sprintf", ["hi", []], '"hi"'],
    ["sprintf", ["hi %s", ["there"]], '"hi there"'],
    ["sprintf", ["hi %02X.%02X", [127, 1]], '"hi 7F.01"'],
    [
      "sprintf",
      ["%v %v", [["there", 5, 3.14], { b: setOf([2, 1]), a: null }]],
      '"[\\"there\\", 5, 3.14] {\\"a\\": null, \\"b\\": {1, 2}}"',
    ],
    ["sprintf", ["%v", [setOf([])]], '"set()"'],
    ["sprintf", ["%v %v", [true, null]], '"true null"'],
    ["sprintf", ["%t", [true]], '"%!t(string=true)"'],
    ["sprintf", ["%s", [123_456_789_123_456_789_123n]], '"123456789123456789123"'],
    ["sprintf", ["%d", [1.5]], '"%!d(float64=1.5)"'],
    ["sprintf", ["%v", [2n * 10n ** 308n]], '"2e308"'],
    ["sprintf", ["%s", "x"], "mismatch"],
  ]);
});

test("texts cannot be made longer than rules may make them", () => {
  expect(shown("sprintf", "%999999d%999999d", [1, 2])).toBe("fault");
  expect(
    shown(
      "concat",
      "x".repeat(1_000),
      Array.from({ length: 2_000 }, () => ""),
    ),
  ).toBe("fault");
  expect(shown("strings.replace_n", { a: "x".repeat(10_000) }, "a".repeat(10_000))).toBe("fault");
});
