import { createRequire } from "node:module";
import type * as re2js from "re2js";

const require = createRequire(import.meta.url);

/** Longest pattern, in UTF-16 units (guarantees §8 row 59). */
export const maxPatternLength = 1_000;
/** Largest compiled pattern, in instructions: a short pattern can stand for a very large one, as `(a?){500}`. */
const maxProgramSize = 1_000;
/** Most work of one search: instructions × length of the text. About 40 ms at its worst. */
const maxSearchWork = 4_000_000;

export type CompiledRegex =
  | { readonly kind: "compiled"; readonly regex: LinearRegex }
  /** `message` completes "this pattern …". */
  | { readonly kind: "refused"; readonly message: string };

export interface LinearRegex {
  /** Is there a match anywhere in the text? `undefined`: the text is too long for this pattern. */
  search(text: string): boolean | undefined;
}

/** A pattern in RE2 syntax, which matches in time linear in the text (guarantees S9). */
export function compileRegex(pattern: string): CompiledRegex {
  if (pattern.length > maxPatternLength) {
    return { kind: "refused", message: `is longer than ${maxPatternLength} characters` };
  }
  const literal = literalSearch(pattern);
  if (literal !== undefined) return { kind: "compiled", regex: { search: literal } };
  let compiled: re2js.RE2JS;
  try {
    // Loaded by the first rule that needs it, which most sets have none of: 4 MB.
    compiled = (require("re2js") as typeof re2js).RE2JS.compile(pattern);
  } catch (error) {
    return { kind: "refused", message: `is no RE2 syntax: ${reasonOf(error)}` };
  }
  const size = compiled.programSize();
  if (size > maxProgramSize)
    return { kind: "refused", message: "expands to more than can be searched in bounded time" };
  const maxLength = Math.floor(maxSearchWork / Math.max(size, 1));
  return {
    kind: "compiled",
    regex: { search: (text) => (text.length > maxLength ? undefined : compiled.test(text)) },
  };
}

/** A pattern without operators, perhaps anchored, as the text operation that it is: a tenth of the cost. */
function literalSearch(pattern: string): ((text: string) => boolean) | undefined {
  const [, start, literal, end] = /^(\^?)([^\\^$.|?*+()[\]{}]*)(\$?)$/.exec(pattern) ?? [];
  if (literal === undefined || !literal.isWellFormed()) return undefined;
  if (start === "^") return end === "$" ? (text) => text === literal : (text) => text.startsWith(literal);
  return end === "$" ? (text) => text.endsWith(literal) : (text) => text.includes(literal);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error parsing regexp: /, "");
}
