import { mapOf, setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

testCalls([
  ["json.unmarshal", ['[{"foo":[1,2.5,null,true]}]'], '[{"foo": [1, 2.5, null, true]}]'],
  ["json.unmarshal", ['{"a": 1, "a": 2}'], '{"a": 2}'],
  [
    "json.unmarshal",
    ["[12345678901234567890, 1e22, 1.0, 1.50e1]"],
    "[12345678901234567890, 10000000000000000000000, 1, 15]",
  ],
  ["json.unmarshal", ["[1e400]"], "[1" + "0".repeat(400) + "]"],
  ["json.unmarshal", ["1e999999"], "fault"],
  ["json.unmarshal", ["[1,"], "fault"],
  ["json.unmarshal", ["[1] 2"], "fault"],
  ["json.unmarshal", [""], "fault"],
  ["json.unmarshal", [1], "mismatch"],
  ["json.is_valid", ['"x"'], "true"],
  ["json.is_valid", ["{x}"], "false"],
  ["json.is_valid", [1], "false"],
  [
    "json.marshal",
    [{ b: setOf([2, 1]), a: [null, true, 1.5, "x"] }],
    String.raw`"{\"a\":[null,true,1.5,\"x\"],\"b\":[1,2]}"`,
  ],
  ["json.marshal", ["<a>&\u2028"], String.raw`"\"\\u003ca\\u003e\\u0026\\u2028\""`],
  [
    "json.marshal",
    [
      mapOf([
        [1, 2],
        [[3], "x"],
      ])!,
    ],
    String.raw`"{\"1\":2,\"[3]\":\"x\"}"`,
  ],
  ["json.marshal", [28_857_836_529_306_024_611_913n], '"28857836529306024611913"'],
  ["json.marshal_with_options", [[1, { a: [] }], {}], String.raw`"[1,{\"a\":[]}]"`],
  ["json.marshal_with_options", [[1, 2], { indent: "  " }], String.raw`"[\n  1,\n  2\n]"`],
  ["json.marshal_with_options", [[1], { pretty: true }], String.raw`"[\n\t1\n]"`],
  ["json.marshal_with_options", [[1], { pretty: false, prefix: "NO!" }], '"[1]"'],
  ["json.marshal_with_options", [{ a: {} }, { prefix: "> " }], String.raw`"> {\n> \t\"a\": {}\n> }"`],
  ["json.marshal_with_options", [[], { indent: "    ", prefix: "---" }], '"---[]"'],
  ["json.marshal_with_options", [[], { include: true }], "mismatch"],
  ["json.marshal_with_options", [[], { indent: 2 }], "mismatch"],
]);

test("text nested so deep that nothing could walk through it is refused", () => {
  expect(shown("json.unmarshal", "[".repeat(200) + "]".repeat(200))).toBe("fault");
  expect(shown("json.unmarshal", JSON.stringify("[".repeat(200)))).toBe(JSON.stringify("[".repeat(200)));
  expect(shown("json.unmarshal", "[".repeat(500_000))).toBe("fault");
});

test("a value whose text would be too long is refused", () => {
  expect(
    shown(
      "json.marshal",
      Array.from({ length: 20 }, () => "x".repeat(100_000)),
    ),
  ).toBe("fault");
  expect(shown("json.marshal_with_options", [1], { indent: "x".repeat(2_000_000) })).toBe("fault");
});

test("a key that could reach a prototype is a key like any other", () => {
  const value = call("json.unmarshal", '{"__proto__": {"a": 1}}');
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(call("json.marshal", value as never)).toBe('{"__proto__":{"a":1}}');
});
