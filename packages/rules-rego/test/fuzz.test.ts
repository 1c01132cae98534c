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
