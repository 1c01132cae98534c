import { atOnceMs, fastestOf } from "@acteon/rules/conformance";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { regoFrontEnd } from "../src/index.ts";

const valid = `package acteon.rules

import data.lib.hosts

# METADATA
# custom:
#   priority: 3
deny_external := sprintf("%s", [host]) if {
  some host in input.action.payload.hosts
  not internal(host)
  every p in input.action.payload.ports { p > 1024 }
}

deduplicate_x := {"key": k, "window": "5m"} if { k := concat(":", ["a", input.action.payload.b]); state.seen(k, "5m") }

roles[user] contains role if { [user, role] = data.grants[_] }
f(x, [y, _]) := x + y if x > 1
else := 0
p := {a: b | some a, b in {"x": 1}} if count(roles) > 2 with input as {"action": {}} with data.grants as [["a", "b"]]
internal(host) if startswith(host, "10.")
default allow := false
`;

const pieces =
  'package import data.x as y default p := 1 contains if { } else not some x in every with [ ] ( ) , ; : = == != < | & + - * / % . "a" `b` $"{x}" _ input.action state.seen( f(x) { x | y[x] } # METADATA\n true null set() {1,2} \ud83d\ude00 \ud83d'.split(
    " ",
  );

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(fc.constantFrom(...pieces, " ", "\n"), { maxLength: 200 }).map((parts) => `package a\n${parts.join(" ")}`),
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
  const parsed = regoFrontEnd.parse(text, "fuzz.rego");
  const isRejected = parsed.diagnostics.some(({ severity }) => severity === "error");
  expect(parsed.kind).toBe(isRejected ? "rejected" : "parsed");
  for (const { span } of parsed.diagnostics) {
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
    expect(span.end.offset).toBeLessThanOrEqual(text.length);
  }
}

test("what the mutations begin with is a file of two rules", () => {
  expect(regoFrontEnd.parse(valid, "fuzz.rego").diagnostics).toEqual([]);
});

test("no text makes the front end throw, and whatever it refuses it explains", () => {
  fc.assert(fc.property(anyText, expectSound), { numRuns: 500 });
});

test("no change of a valid file makes it throw", () => {
  fc.assert(fc.property(mutated, expectSound), { numRuns: 500 });
});

const inPackage = (rules: string): string => `package acteon.rules\n\n${rules}`;

const inBody = (body: string): string => inPackage(`deny_r if {\n${body}\n}\n`);

/** What makes many of something: rules, expressions, variables, references, each of its own name. */
const many: readonly (readonly [says: string, text: (i: number) => string, whole?: (text: string) => string])[] = [
  ["rules", (i) => `p${i} := ${i}\n`],
  ["clauses of one rule", (i) => `p := 1 if input.action.payload.n == ${i}\n`],
  ["rules that decide", (i) => `deny_${i} if input.action.payload.n == ${i}\n`],
  ["clauses of a rule that decides", (i) => `deny := "${i}" if input.action.payload.n == ${i}\n`],
  ["members", (i) => `deny contains "${i}" if input.action.payload.n == ${i}\n`],
  ["branches", (i) => `else := ${i} if false\n`, (text) => `package a\np := 1 if false\n${text}`],
  ["rules that ask for the next", (i) => `p${i} := p${i + 1}\n`],
  ["rules that ask for themselves", (i) => `p${i} := p${i}\n`],
  ["rules that ask for three", (i) => `p${i} if { p${i + 1}; p${i + 2}; p${i + 3} }\n`],
  ["functions of patterns", (i) => `f([${i}, x]) := x\n`],
  ["defaults", (i) => `default p${i} := ${i}\n`],
  ["heads below one another", (i) => `p.a${i} := 1\n`],
  ["heads with variables", (i) => `p${i}[x] := 1 if x := 1\n`],
  ["heads below a variable", (i) => `p[x].a${i} := 1 if x := 1\n`],
  ["documents inside of one with a value", (i) => `p.a${i} := 1\n`, (text) => `package a\np := 1\n${text}`],
  ["imports", (i) => `import data.b.c${i}\n`],
  ["METADATA", (i) => `# METADATA\n# custom:\n#   prioritz: ${i}\ndeny_${i} if true\n`],
  ["METADATA of documents", (i) => `# METADATA\n# scope: document\ndeny_${i} := rego.metadata.chain()\n`],
  ["replaced documents", (i) => `p${i} if data.x.y${i} with data.x.y${i} as 1\n`],
  ["packages that are gone through", (i) => `p${i} if data.b[x].y${i}\n`],
  ["references that are nearly right", (i) => `q${i} := data.acteon.rules.p${i}x\n`],
  ["functions that there are not", (i) => `p${i} := funktion${i}(1)\n`],
  ["variables without a value", (i) => `p${i} if variable${i} > 1\n`],
  ["expressions", (i) => `x${i} := ${i}\n`, inBody],
  ["expressions that wait", (i) => `x${i} = x${i + 1}\n`, inBody],
  ["declarations", (i) => `x${i}, `, (text) => inBody(`some ${text}x\nx = 1`)],
  ["loops", (i) => `some x${i} in input.action.payload.n\n`, inBody],
  ["negations", (i) => `not input.action.payload.n${i}\n`, inBody],
  ["walks", (i) => `walk(input, [p${i}, v${i}])\n`, inBody],
  ["replacements", (i) => ` with input.action.payload.n${i} as 1`, (text) => inBody(`true${text}`)],
  ["items", (i) => `x${i}, `, (text) => inBody(`[${text}1] = input.action.payload.n`)],
  [
    "items on both sides",
    (i) => `x${i}, `,
    (text) => inBody(`[${text.slice(0, 30_000)}1] = [${text.slice(0, 30_000)}1]`),
  ],
  ["entries", (i) => `"k${i}": x${i}, `, (text) => inBody(`{${text}"k": 1} = input.action.payload.n`)],
  ["references in a list", () => "q[_], ", (text) => inBody(`x := [${text}1]`)],
  ["brackets", (i) => `[x${i}]`, (text) => inBody(`input.action${text}`)],
  ["brackets without a name", () => "[_]", (text) => inBody(`input.action${text}`)],
  ["names in a path", () => ".a", (text) => inBody(`input.action${text}`)],
  ["names in a head", () => ".a", (text) => `package a\np${text} := 1\n`],
  ["names in a package", () => ".a", (text) => `package a${text}\np := 1\n`],
  ["arguments", (i) => `x${i}, `, (text) => `package a\nf(${text}y) := 1\n`],
  ["patterns of arguments", (i) => `[x${i}], `, (text) => `package a\nf(${text}y) := 1\n`],
  ["holes in a template", (i) => `{x${i}}`, (text) => `package a\np := $"${text}"\n`],
  ["fields of a verdict", (i) => `"reasn${i}": 1, `, (text) => `package acteon.rules\ndeny_x := {${text}"z": 1}\n`],
];

test.each(many.map(([says, piece, whole = inPackage]) => [says, piece, whole] as const))(
  "64 KiB of %s are answered at once",
  (_, piece, whole) => {
    let text = "";
    for (let i = 0; text.length < 65_536; i++) text += piece(i);
    const file = whole(text);
    expectSound(file);
    expect(fastestOf(2, () => regoFrontEnd.parse(file, "fuzz.rego"))).toBeLessThan(atOnceMs);
  },
);

test("bodies in bodies, each with many variables, are answered at once", () => {
  const level = (depth: number): string =>
    depth === 0
      ? "[]"
      : `[x${depth} | ${Array.from({ length: 60 }, (_, i) => `v${depth}x${i} := 1; `).join("")}x${depth} := ${level(depth - 1)}]`;
  const file = `package a\np := ${level(40)}\n`;
  expectSound(file);
  expect(fastestOf(2, () => regoFrontEnd.parse(file, "fuzz.rego"))).toBeLessThan(atOnceMs);
});
