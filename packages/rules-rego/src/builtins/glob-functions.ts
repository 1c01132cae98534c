import { BuiltinFault } from "@acteon/rules";
import type { BuiltinResult } from "@acteon/rules";
import { globPattern } from "./glob-pattern.ts";
import { createRegexCache, regexSteps, tooLongForRegex } from "./regex-patterns.ts";
import { boolType, regoFunction, text, texts, textType } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";

const regexOf = createRegexCache();

/** Single characters; of none at all a dot, of null nothing. */
const delimiters: Parameter<string> = {
  types: ["null", "list"],
  read(value) {
    if (value === null) return "";
    const chars = Array.isArray(value) ? texts.read(value) : undefined;
    if (chars?.every((char) => Array.from(char).length === 1) !== true) return undefined;
    return chars.length === 0 ? "." : chars.join("");
  },
};

export const globFunctions: readonly RegoFunction[] = [
  regoFunction("glob.match", [text, delimiters, text], boolType, match, { steps: regexSteps }),
  regoFunction("glob.quote_meta", [text], textType, (literal) => literal.replaceAll(/[*?\\[\]{}]/g, String.raw`\$&`)),
];

function match(glob: string, separators: string, whole: string): BuiltinResult {
  const pattern = globPattern(glob, separators);
  if (pattern === undefined) return new BuiltinFault("a glob that is none");
  const regex = regexOf(pattern);
  return regex instanceof BuiltinFault ? regex : (regex.search(whole) ?? tooLongForRegex);
}
