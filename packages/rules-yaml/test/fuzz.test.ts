import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseRuleTests, yamlFrontEnd } from "../src/index.ts";
import { designDocumentExample } from "./design-document-example.ts";

const existingDialectExample = `rules:
  - name: night
    priority: 5
    timezone: Europe/Berlin
    condition:
      all:
        - { field: action.action_type, eq: promotion }
        - any: [{ field: time.hour, lt: 9 }, { not: { state_counter: k, gte: 3 } }]
        - { state_seen: k, within_seconds: 60 }
    action: { type: throttle, max_count: 5, window_seconds: 60 }
`;

/** What makes up YAML and our dialects, so that arbitrary text gets past the first line. */
const pieces = [
  ..."\n\n\n  - : , [ ] { } ' \" # & * ! | > % @ ` ? ~ \\ \t \u0000 \ud83d\ude00 é".split(" "),
  ..." rules: name: when: then: condition: action: field: all: any: not: state.seen: key: window: equals: {{ }} action.payload type: suppress 5m 10 null true &a *a << !!str".split(
    " ",
  ),
  " ",
  "  ",
  "- ",
  ": ",
];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 200 }).map((parts) => parts.join("")),
);

/** A valid file in which a few stretches were doubled, or replaced by something else. */
const mutated = fc
  .record({
    text: fc.constantFrom(designDocumentExample, existingDialectExample),
    edits: fc.array(fc.record({ at: fc.nat(1_000), length: fc.nat(40), by: fc.option(fc.constantFrom(...pieces)) }), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ text, edits }) => {
    let result = text;
    for (const { at, length, by } of edits) {
      const start = at % (result.length + 1);
      const stretch = result.slice(start, start + length);
      result = result.slice(0, start) + (by ?? stretch.repeat(2)) + result.slice(start + length);
    }
    return result;
  });

function expectSound(text: string): void {
  const parsed = yamlFrontEnd.parse(text, "fuzz.yaml");
  const isRejected = parsed.diagnostics.some(({ severity }) => severity === "error");
  expect(parsed.kind).toBe(isRejected ? "rejected" : "parsed");
  for (const { span } of parsed.diagnostics) {
    expect(span.start.line).toBeGreaterThanOrEqual(1);
    expect(span.start.column).toBeGreaterThanOrEqual(1);
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
  }
  const tests = parseRuleTests(text, "fuzz.test.yaml");
  expect(tests.kind === "parsed" || tests.diagnostics.length > 0).toBe(true);
}

test("no text makes the front end throw, and whatever it refuses it explains", () => {
  fc.assert(fc.property(anyText, expectSound), { numRuns: 400 });
});

test("no change of a valid file makes it throw", () => {
  fc.assert(fc.property(mutated, expectSound), { numRuns: 400 });
});

test.each([
  ["brackets", "["],
  ["braces", "{a: "],
  ["dashes", "- "],
  ["question marks", "? "],
  ["colons", "a: "],
  ["anchors", "&a "],
  ["tags", "!<"],
  ["quotes", "'"],
  ["holes", "{{ "],
  ["lines", "\n"],
  ["keys", "a\n"],
  ["blocks", "|\n"],
])("64 KiB of %s are an answer, not a stack overflow", (_, piece) => {
  expectSound(piece.repeat(Math.floor(65_536 / piece.length)));
});

test("what is hostile inside a template is an answer too", () => {
  for (const piece of ["{{", "{{ action.", "{{ lower(", '{{ "a" }}', "{{ action.payload[0]", "}}"]) {
    const text = piece.repeat(Math.floor(60_000 / piece.length)).replaceAll('"', '\\"');
    expectSound(`rules:\n  - name: r\n    when: { all: [] }\n    then: { suppress: { reason: "${text}" } }\n`);
  }
});

test("a tower of aliases is an answer too", () => {
  const levels = ["x: &x0 { all: [] }"];
  for (let i = 1; i < 50; i++) levels.push(`x${i}: &x${i} ${"{ not: ".repeat(30)}*x${i - 1}${" }".repeat(30)}`);
  expectSound(`${levels.join("\n")}\nrules: [{ name: r, when: *x49, then: allow }]\n`);
});

test("a hundred warnings hide no error", () => {
  const unknown = Array.from({ length: 150 }, (_, i) => `unknown${i}: 1`).join(", ");
  const text = `rules: [{ name: r, condition: { all: [] }, action: { type: allow }, ${unknown}, priority: high }]`;
  const parsed = yamlFrontEnd.parse(text, "fuzz.yaml");
  expect(parsed.kind).toBe("rejected");
  expect(parsed.diagnostics).toContainEqual(expect.objectContaining({ severity: "error", code: "ACT-R006" }));
});

test("a hundred findings are enough", () => {
  const parsed = yamlFrontEnd.parse(`rules: [${"5, ".repeat(5_000)}]`, "fuzz.yaml");
  expect(parsed.diagnostics).toHaveLength(100);
});
