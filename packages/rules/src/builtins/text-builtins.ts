import { fromJson, isList } from "../values/value.ts";
import { equal } from "../values/equality.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, LimitFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult, Meter } from "./builtin.ts";
import { compileRegex, stepsToCompile } from "./linear-regex.ts";
import type { LinearRegex } from "./linear-regex.ts";

export const textBuiltins: readonly Builtin[] = [
  predicate("contains", contains),
  predicate(
    "startsWith",
    onTexts((text, prefix) => text.startsWith(prefix)),
  ),
  predicate(
    "endsWith",
    onTexts((text, suffix) => text.endsWith(suffix)),
  ),
  // A literal pattern is compiled with its rule; this is for the others.
  {
    ...predicate("matches", (text, pattern) => matches({ steps: Number.POSITIVE_INFINITY }, text, pattern)),
    metered: (meter, text = null, pattern = null) => matches(meter, text, pattern),
  },
  ofText("lower", (text) => text.toLowerCase()),
  ofText("upper", (text) => text.toUpperCase()),
  ofText("trim", trimmed),
];

const space = /\p{White_Space}/u;

/** Unicode's white space, which is not quite what `String.prototype.trim` takes away. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text[start]!)) start++;
  while (start < end && space.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

function predicate(name: string, run: (a: Value, b: Value) => BuiltinResult): Builtin {
  return { name, arity: 2, predicate: true, steps: 0, returns: "bool", run: (a = null, b = null) => run(a, b) };
}

function ofText(name: string, change: (text: string) => string): Builtin {
  return {
    name,
    arity: 1,
    predicate: false,
    steps: 0,
    returns: "string",
    run: (text = null) => (typeof text === "string" ? change(text) : mismatch),
  };
}

function onTexts(run: (a: string, b: string) => BuiltinResult): (a: Value, b: Value) => BuiltinResult {
  return (a, b) => (typeof a === "string" && typeof b === "string" ? run(a, b) : mismatch);
}

/** A part of a text, or an element of a list. */
function contains(whole: Value, part: Value): BuiltinResult {
  if (typeof whole === "string") return typeof part === "string" ? whole.includes(part) : mismatch;
  if (typeof whole !== "object" || whole === null || !isList(whole)) return mismatch;
  return whole.some((item) => equal(fromJson(item), part));
}

function matches(meter: Meter, text: Value, pattern: Value): BuiltinResult {
  if (typeof text !== "string" || typeof pattern !== "string") return mismatch;
  meter.steps -= stepsToCompile(pattern);
  if (meter.steps < 0) return tooCostly;
  const compiled = compileRegex(pattern);
  if (compiled.kind === "refused") return new BuiltinFault(`a regular expression that ${compiled.message}`);
  return searched(meter, compiled.regex, text);
}

export function searched(meter: Meter, regex: LinearRegex, text: string): boolean | BuiltinFault {
  meter.steps -= regex.stepsToSearch(text);
  if (meter.steps < 0) return tooCostly;
  return regex.search(text) ?? new LimitFault("a text too long for its regular expression");
}

const tooCostly = new BuiltinFault("what costs more steps than are left");
