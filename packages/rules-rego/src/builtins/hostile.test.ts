import { BuiltinFault, isTooLarge, mapOf, maxTextLength, mismatch, setOf, typeOf } from "@acteon/rules";
import type { Builtin, BuiltinResult, Value } from "@acteon/rules";
import { atOnceMs, fastestOf } from "@acteon/rules/conformance";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regoBuiltins, regoFunctions } from "./rego-builtins.ts";
import { call } from "./testing.ts";

/** What makes up the texts that functions read, so that arbitrary text gets past its first character. */
const pieces =
  'a é 😀 \ud83d " \\ \' {{ }} {{.a}} {{range .b}} {{end}} %d %[1]*.3f %s ( ) [ ] { } * + ? | ^ $ . , ; : / // - _ = & # @ ~ ! < > 0 1 9 1.5 1e9 -1 0x1F 2024-02-29 T12:00:00 Z 2006 Jan 02 MST -0700 1.2.3.4 /24 ::1 /64 http:// example.com -----BEGIN eyJhIjoxfQ == "a":1 null true 1h30m K Mi \t \n &x *x'.split(
    " ",
  );

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces, " "), { maxLength: 12 }).map((parts) => parts.join("")),
);

const { value: anyValue } = fc.letrec<{ readonly value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false),
    fc.oneof(
      fc.integer(),
      fc.integer({ min: -3, max: 70 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt(),
    ),
    anyText,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => setOf(items)),
    fc.dictionary(
      fc.oneof(anyText, fc.constantFrom("op", "path", "value", "__proto__", "type", "$ref", "alg")),
      tie("value"),
      { maxKeys: 4 },
    ),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => mapOf(entries) ?? {}),
  ),
}));

function expectSound(result: BuiltinResult, { returns }: Builtin): void {
  if (result === mismatch || result instanceof BuiltinFault) return;
  if (returns !== undefined) expect(typeOf(result as Value)).toBe(returns);
  if (typeof result === "string") expect(result.length).toBeLessThanOrEqual(maxTextLength);
  else expect(isTooLarge(result as Value)).toBe(false);
}

describe("whatever they are given, functions answer", () => {
  test.each(regoBuiltins)("$name", (builtin) => {
    const arity = builtin.arity as number;
    const types = [...regoFunctions.values()].find((signature) => signature.builtin === builtin.name)?.args ?? [];
    // Half of the arguments are of types that the function takes.
    const args = Array.from({ length: arity }, (_, i) =>
      fc.oneof(
        anyValue,
        anyValue.filter((value) => types[i]?.includes(typeOf(value)) !== false),
      ),
    );
    fc.assert(
      fc.property(fc.tuple(...args), (given) => expectSound(builtin.run(...given), builtin)),
      { numRuns: 150 },
    );
  });
});

const long = (piece: string): string => piece.repeat(Math.floor(65_536 / piece.length));
const many = <T>(make: (i: number) => T): readonly T[] => Array.from({ length: 5_000 }, (_, i) => make(i));

test.each<[name: string, args: readonly Value[]]>([
  ["concat", [long("x"), many(() => "x")]],
  ["glob.match", [long("?"), many((i) => String.fromCodePoint(0x4e00 + i)), "x"]],
  ["glob.match", [long("{"), [], "x"]],
  ["indexof_n", [long("a"), "a".repeat(30_000)]],
  ["json.marshal", [many(() => long("x"))]],
  ["json.patch", [Object.fromEntries(many((i) => [`k${i}`, i])), many((i) => ({ op: "add", path: "/a", value: i }))]],
  ["json.unmarshal", [long("[")]],
  ["net.cidr_contains_matches", [many(() => "10.0.0.0/8"), many(() => "10.0.0.0/8")]],
  ["object.subset", [many(() => 1), [...many(() => 1).slice(1), 2]]],
  ["object.union_n", [many((i) => ({ a: { [`k${i}`]: i } }))]],
  ["product", [many(() => 10n ** 300n)]],
  ["regex.find_n", ["(?:[ab]|.*c)", long("a"), -1]],
  ["regex.globs_match", [long("a*"), long("a*")]],
  ["regex.template_match", [long("{"), "x", "{", "}"]],
  ["semver.is_valid", [`1.0.0-${long("1")}.`]],
  ["sprintf", [long("%99999d"), many((i) => i)]],
  ["strings.any_prefix_match", [many((i) => `${i}`), many((i) => `x${i}`)]],
  ["strings.render_template", [long("{{"), {}]],
  ["strings.render_template", [long("{{range .x}}"), { x: [1] }]],
  ["strings.replace_n", [Object.fromEntries(many((i) => [`a${i}`, "x"])), long("a")]],
  ["time.parse_duration_ns", [long("9")]],
  ["time.parse_ns", [long("2006 "), long("2006 ")]],
  ["units.parse", [long("9")]],
  ["uri.parse", [long(":")]],
  ["yaml.unmarshal", [long("- ")]],
])("%s of much ends soon", (name, args) => {
  expect(fastestOf(4, () => call(name, ...args))).toBeLessThan(atOnceMs);
});
