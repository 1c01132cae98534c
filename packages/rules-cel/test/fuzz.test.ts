import { actionOf, atOnceMs, fastestOf } from "@acteon/rules/conformance";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { celFrontEnd } from "../src/index.ts";
import { ruleSetOf } from "./decide.ts";
import { environment } from "./evaluate.ts";

const valid = `// rules
@rule(name = "a", priority = 1, metadata = {"team": "ops"})
@on(deduplicate, key = action.dedup_key(), window = duration("5m"))
action.payload.tags.exists(t, t.matches("^db") && has(action.payload.x)) ? state.seen("k") : [1, ?optional.none()] == []

@rule(name = "b") @on(modify, set = {"a.b": cel.bind(n, 1u, n + 2u)}, remove = ["c"])
{"k": b'\\x00', 1: r"\\d"}["k"] != b"" || action.payload.\`a-b\`.transformMap(k, v, v > 1, -v).size() >= 0x1F
`;

/** What makes up CEL and the preamble, so that arbitrary text gets past the first token. */
const pieces =
  '@rule ( name = "r" ) @on ( deny ) true false null 1 2u 0x3 1.5 "text" \'a\' b"x" r"\\" """ \'\'\' action .payload .?x [?0] [ ] { } , : ? ! - + * / % && || == != < <= in .map(x, x) .exists( has( cel.bind( state.seen( duration("5m") // \\ ` ; # \ud83d\ude00 \ud83d é'.split(
    " ",
  );

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(fc.constantFrom(...pieces, " ", "\n"), { maxLength: 200 }).map((parts) => parts.join(" ")),
);

const mutated = fc
  .array(fc.record({ at: fc.nat(1_000), length: fc.nat(30), by: fc.option(fc.constantFrom(...pieces)) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((edits) =>
    edits.reduce((text, { at, length, by }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + (by ?? text.slice(start, start + length).repeat(2)) + text.slice(start + length);
    }, valid),
  );

function expectSound(text: string): void {
  const parsed = celFrontEnd.parse(text, "fuzz.cel");
  const isRejected = parsed.diagnostics.some(({ severity }) => severity === "error");
  expect(parsed.kind).toBe(isRejected ? "rejected" : "parsed");
  for (const { span } of parsed.diagnostics) {
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
    expect(span.end.offset).toBeLessThanOrEqual(text.length);
  }
}

test("what the mutations begin with is a file of two rules", () => {
  expect(celFrontEnd.parse(valid, "fuzz.cel")).toMatchObject({ kind: "parsed", rules: [{ name: "a" }, { name: "b" }] });
});

test("no text makes the front end throw, and whatever it refuses it explains", () => {
  fc.assert(fc.property(anyText, expectSound), { numRuns: 500 });
});

test("no change of a valid file makes it throw", () => {
  fc.assert(fc.property(mutated, expectSound), { numRuns: 500 });
});

const preamble = '@rule(name = "r") @on(deny)\n';

test.each(
  "( [ { [? {? ! - a. a.? a[ 1+ 1&& a?b: a?( \" ' b\"\\x r''' ` .map(x, [].map(x,[ has( has(a.b)&& @ @rule( @rule(name= 1, [[],[ // \\ \u0000 0x x{ 99999999999999999999 , ) ] }"
    .split(" ")
    .map((piece) => [piece]),
)("64 KiB of %s are answered at once", (piece) => {
  const text = piece.repeat(Math.floor(65_536 / piece.length));
  for (const whole of [text, preamble + text]) {
    expectSound(whole);
    expect(fastestOf(4, () => celFrontEnd.parse(whole, "fuzz.cel"))).toBeLessThan(atOnceMs);
  }
});

test.each([
  ["nested loops", "action.payload.n.all(a, action.payload.n.all(b, action.payload.n.all(c, a + b + c >= 0)))"],
  ["lists that grow", "action.payload.n.map(a, action.payload.n.map(b, action.payload.n)).size() > 0"],
  ["texts that grow", 'action.payload.n.map(a, "x").join(action.payload.text).size() > 0'],
  [
    "a doubling",
    `cel.bind(a, action.payload.text + action.payload.text, ${"cel.bind(a, a + a, ".repeat(40)}a${")".repeat(40)}.size() > 0)`,
  ],
  ["a regex that explodes", 'action.payload.text.matches("(x+x+)+y")'],
  ["a pattern of the payload", "action.payload.n.all(a, action.payload.text.matches(action.payload.pattern))"],
  ["a wide format", '"%.999f".format([1.5]).size() > 0 && "%s".format([action.payload.n]).size() > 0'],
  ["flattening", "[[[action.payload.n]]].flatten(1000000000).size() > 0"],
  ["ranges", "lists.range(49999).map(a, lists.range(49999)).size() > 0"],
  [
    "prototypes",
    'has(action.payload.__proto__) || action.payload.?constructor.hasValue() || {"__proto__": 1}.size() == 1',
  ],
  ["sorting", "action.payload.n.map(a, -a).sort().distinct().reverse().size() > 0"],
  ["replacing nothing", 'action.payload.text.replace("", action.payload.text).size() > 0'],
])("a hostile rule ends soon: %s", async (_, condition) => {
  const rules = await ruleSetOf(preamble + condition);
  const payload = { n: Array.from({ length: 1_000 }, (__, i) => i), text: "x".repeat(10_000), pattern: "(a?){60}" };
  const action = actionOf({ payload });
  expect(fastestOf(4, () => rules.plan(action, environment))).toBeLessThan(atOnceMs);
});
