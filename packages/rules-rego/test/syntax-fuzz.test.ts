import { Findings } from "@acteon/rules";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RegoModule, Term } from "../src/syntax/ast.ts";
import { parseModule, parseTerm } from "../src/syntax/parse-module.ts";
import { printModule, printTerm } from "./print-ast.ts";
import { withoutPlaces } from "./syntax-places.ts";
import { problemsOf } from "./syntax-reading.ts";

const valid = `# METADATA
# scope: subpackages
# custom: { team: ops, list: &l [1, two], again: *l }
package acteon.rules

import data.lib.net as net

# METADATA
# title: no strangers
deny contains {"msg": msg, "n": -1.5e3} if {
  some i, user in input.users; not user.admin with input.x as {1, 2} with data.y as f
  every k, v in net.hosts[i] {
    v == $"a {k + 1} \\{ b"
  }
  msg := [x | x := [\`raw\`][_]; x in (k, v in {"a": {set()}})] | {y: z | y = z}["k"]
}

default f(_) := {1, "a", null}
f(x) := y if { y := x % 2 & 1 } else := "b" if x > 1 else := false
a.b[c].if contains c if { c := 12345678901234567890 } { c := $\`{f(2)}\` }
`;

/** What makes up Rego, so that arbitrary text gets past the first token. */
const pieces =
  'package a import data.b as default p q if else := = contains { } [ ] ( ) , ; : . .x [_] | & + - * / % == != < <= in not some every with as x y input.z f(x) "text" `raw` $"a{ $` }b" 1 -2.5 1e3 true null set() # # METADATA # a: && || ! \' \\ ? @ \ud83d\ude00 \ud83d é'.split(
    " ",
  );

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(fc.constantFrom(...pieces, " ", "\n", "\n", "\n# METADATA\n# title: "), { maxLength: 200 })
    .map((parts) => `package a\n${parts.join(" ")}`),
  fc
    .array(fc.constantFrom(...pieces, "\n"), { maxLength: 60 })
    .map((parts) => `package a\np if {\n${parts.join("")}\n}`),
);

const mutated = fc
  .array(fc.record({ at: fc.nat(2_000), length: fc.nat(30), by: fc.option(fc.constantFrom(...pieces)) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((edits) =>
    edits.reduce((text, { at, length, by }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + (by ?? text.slice(start, start + length).repeat(2)) + text.slice(start + length);
    }, valid),
  );

/** It explains whatever it refuses, and what it accepts it reads the same again from how it is printed. */
function expectSound<T extends RegoModule | Term>(
  text: string,
  read: (findings: Findings) => T | undefined,
  print: (tree: T) => string,
): void {
  const findings = new Findings("fuzz.rego", text);
  const tree = read(findings);
  for (const { span } of findings.sorted()) {
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
    expect(span.end.offset).toBeLessThanOrEqual(text.length);
  }
  if (findings.hasErrors) return;
  if (tree === undefined) throw new Error("neither a tree nor a problem");
  const again = new Findings("again.rego", print(tree));
  expect(withoutPlaces(read(again))).toEqual(withoutPlaces(tree));
  expect(again.sorted()).toEqual([]);
}

test("what the mutations begin with is a file without a problem", () => {
  expect(problemsOf(valid)).toEqual([]);
  expectSound(valid, parseModule, printModule);
});

test("no text makes the reader throw, and whatever it refuses it explains", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expectSound(text, parseModule, printModule);
      expectSound(text, parseTerm, printTerm);
    }),
    { numRuns: 1_000 },
  );
});

test("no change of a valid file makes it throw", () => {
  fc.assert(
    fc.property(mutated, (text) => expectSound(text, parseModule, printModule)),
    { numRuns: 1_000 },
  );
});

const hostile = [
  ...'( [ { [[], {{}, - -1 a. a[ a( 1+ a| [a| {a| {a:b| {a:{b| a, a; := a:= not! " ` $" $"{ $`{ $"{a} \' \'a\' // /* && || ! => \\ \u0000 é 9 9. 1e9 0x {} [] () } ] ) {a: {1:2, f(x) f(x).y[z] if. if[ a.if \ud83d'.split(
    " ",
  ),
  "\n",
  "a\n",
  "/*\n",
  "'\n",
  "[a | b,\n",
  "p := 1\n",
  "p := )\n",
  "p if {\n",
  "p if {x}\n",
  "p {x}\n",
  "p[x] {x}\n",
  "{x} ",
  "x if x else := ",
  "if {a} elif {b} ",
  "some x, ",
  "x in y ",
  "x, y in ",
  "every x in y {",
  "x with y as ",
  "import data.a\n",
  "package a\n",
  "default p := ",
  "#\n",
  "# METADATA\n",
  "# METADATA\n# a: 1\n",
  "# METADATA\n# custom: {a: [b, c]}\np := 1\n",
  "# a: [{\n",
];

test.each(hostile)("64 KiB of %j are answered at once", (piece) => {
  const text = piece.repeat(Math.floor(65_536 / piece.length));
  const half = text.slice(0, 32_768);
  const closed =
    half +
    half
      .replaceAll(/[^([{]/g, "")
      .replaceAll("(", ")")
      .replaceAll("[", "]")
      .replaceAll("{", "}");
  for (const whole of [text, `package a\n${text}`, `package a\np if {\n${text}\n}\n`, `package a\np := ${closed}`]) {
    expectAnsweredAtOnce(whole);
  }
});

test.each(["[", "{", "}", "- ", "a: ", "a: 1\n", "&a ", "*a, ", "? ", '"', "!!x ", "{}\n", "[a, b]\n", "x: |\n  a\n"])(
  "64 KiB of METADATA of %j are answered at once",
  (piece) => {
    for (const opening of ["", "custom:\n  "]) {
      for (const length of [100, 1_000, 8_000]) {
        const yaml = (opening + piece.repeat(length)).slice(0, length);
        const block = `# METADATA\n# ${yaml.replaceAll("\n", "\n# ")}\n\n`;
        expectAnsweredAtOnce(`package a\n${block.repeat(65_536 / block.length)}`);
      }
    }
  },
);

/** 50 ms is what it takes at most on a machine of its own. What hangs takes seconds, and a busy machine several times as long. */
const atOnceMs = 250;

/** In ms of this process, and at the first of a few attempts that is fast enough: the machine has other work. */
function expectAnsweredAtOnce(text: string): void {
  let ms = Infinity;
  for (let attempts = 0; attempts < 4 && ms >= atOnceMs; attempts++) {
    const start = process.threadCpuUsage();
    problemsOf(text);
    const { user, system } = process.threadCpuUsage(start);
    ms = Math.min(ms, (user + system) / 1_000);
  }
  expect(ms).toBeLessThan(atOnceMs);
}
