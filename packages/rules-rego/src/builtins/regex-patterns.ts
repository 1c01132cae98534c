import { BuiltinFault, LimitFault, compileRegex } from "@acteon/rules";
import type { LinearRegex } from "@acteon/rules";

/** Patterns of a rule are few, and the same in each evaluation. */
const maxPatterns = 200;

/**
 * What calls with a pattern that is no literal take from the step budget: compiling takes some hundredths of a millisecond,
 * at its worst milliseconds, and is seldom done.
 */
export const regexSteps = 2_000;

/** Compiles each pattern once, as long as there are not too many. A fault: the pattern is refused. */
export function createRegexCache(): (pattern: string) => LinearRegex | BuiltinFault {
  const compiled = new Map<string, LinearRegex | BuiltinFault>();
  return (pattern) => {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    const result = compileRegex(pattern);
    const regex =
      result.kind === "compiled" ? result.regex : new BuiltinFault(`a regular expression that ${result.message}`);
    if (compiled.size >= maxPatterns) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  };
}

export const tooLongForRegex = new LimitFault("a text too long for its pattern");

/** A text as the pattern that matches it and nothing else. */
export function quotedMeta(literal: string): string {
  return literal.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
