import { BuiltinFault, compileRegex } from "@acteon/rules";
import type { BuiltinResult, RegexMatch } from "@acteon/rules";
import { createRegexCache, quotedMeta, regexSteps, tooLongForRegex } from "./regex-patterns.ts";
import { globsIntersect } from "./regex-globs.ts";
import { anything, boolType, engineFunction, index, listType, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";
import { tooLongText } from "./rego-text.ts";
import { TextBuilder } from "./text-builder.ts";

const options = { steps: regexSteps };
const regexOf = createRegexCache();

/** Regular expressions in RE2 syntax, which is Go's. */
export const regexFunctions: readonly RegoFunction[] = [
  engineFunction("regex.match", "matches", [text, text], boolType, { order: [1, 0] }),
  engineFunction("re_match", "matches", [text, text], boolType, { order: [1, 0], deprecated: true }),
  regoFunction(
    "regex.is_valid",
    [anything],
    boolType,
    (pattern) => typeof pattern === "string" && compileRegex(pattern).kind === "compiled",
    options,
  ),
  regoFunction(
    "regex.find_n",
    [text, text, index],
    listType,
    (pattern, whole, most) =>
      withMatches(pattern, whole, most, (matches) => matches.map(([extent]) => whole.slice(extent.start, extent.end))),
    options,
  ),
  regoFunction(
    "regex.find_all_string_submatch_n",
    [text, text, index],
    listType,
    (pattern, whole, most) =>
      withMatches(pattern, whole, most, (matches) => matches.map((match) => groupsOf(match, whole))),
    options,
  ),
  regoFunction(
    "regex.split",
    [text, text],
    listType,
    (pattern, whole) => withMatches(pattern, whole, -1, (matches) => split(whole, matches, pattern === "")),
    options,
  ),
  regoFunction("regex.replace", [text, text, text], textType, replace, options),
  regoFunction("regex.template_match", [text, text, text, text], boolType, templateMatch, options),
  regoFunction("regex.globs_match", [text, text], boolType, globsIntersect, options),
];

function withMatches(
  pattern: string,
  whole: string,
  most: number,
  use: (matches: readonly RegexMatch[]) => BuiltinResult,
): BuiltinResult {
  const regex = regexOf(pattern);
  if (regex instanceof BuiltinFault) return regex;
  const matches = regex.find(whole, most < 0 ? Number.POSITIVE_INFINITY : most);
  return matches === undefined ? tooLongForRegex : use(matches);
}

/** A group that took no part is empty. */
function groupsOf(match: RegexMatch, whole: string): readonly string[] {
  return match.map((extent) => (extent === undefined ? "" : whole.slice(extent.start, extent.end)));
}

/** What is between the matches; an empty one at the beginning separates nothing, nor does one at the end. */
function split(whole: string, matches: readonly RegexMatch[], isEmptyPattern: boolean): readonly string[] {
  if (whole === "") return isEmptyPattern ? [] : [""];
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  for (const [extent] of matches) {
    end = extent.start;
    if (extent.end > 0) parts.push(whole.slice(start, end));
    start = extent.end;
  }
  if (end < whole.length) parts.push(whole.slice(start));
  return parts;
}

function replace(whole: string, pattern: string, template: string): BuiltinResult {
  const regex = regexOf(pattern);
  if (regex instanceof BuiltinFault) return regex;
  return withMatches(pattern, whole, -1, (matches) => {
    const out = new TextBuilder();
    let at = 0;
    for (const match of matches) {
      out.write(whole.slice(at, match[0].start));
      out.write(expanded(template, groupsOf(match, whole), regex.groupNames));
      at = match[0].end;
      if (out.isFull) break;
    }
    out.write(whole.slice(at));
    return out.finish() ?? tooLongText;
  });
}

/** `$1`, `${1}`, `$name`, `${name}`, and `$$` for a dollar sign, as Go's `Expand` has it. */
function expanded(template: string, groups: readonly string[], names: ReadonlyMap<string, number>): string {
  return template.replaceAll(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar?: string, braced?: string, bare?: string) => {
    if (dollar !== undefined) return dollar;
    const name = braced ?? bare ?? "";
    const group = /^(?:0|[1-9]\d{0,7})$/.test(name) ? Number(name) : names.get(name);
    return (group === undefined ? undefined : groups[group]) ?? "";
  });
}

/** A template in which patterns stand between delimiters, and all else for itself. */
function templateMatch(template: string, whole: string, open: string, close: string): BuiltinResult {
  if (!isByte(open) || !isByte(close)) return new BuiltinFault("delimiters that are no single characters");
  const pattern = templatePattern(template, open, close);
  if (pattern instanceof BuiltinFault) return pattern;
  const regex = regexOf(pattern);
  return regex instanceof BuiltinFault ? regex : (regex.search(whole) ?? tooLongForRegex);
}

function isByte(text: string): boolean {
  return text.length === 1 && text <= "\u{7f}";
}

function templatePattern(template: string, open: string, close: string): string | BuiltinFault {
  let pattern = "^";
  let depth = 0;
  let start = 0;
  for (let at = 0; at < template.length; at++) {
    if (template[at] === open) {
      if (depth++ > 0) continue;
      pattern += quotedMeta(template.slice(start, at));
      start = at + 1;
    } else if (template[at] === close) {
      if (--depth < 0) return unbalanced;
      if (depth > 0) continue;
      const part = template.slice(start, at);
      // Each is a pattern of its own, and not only all of them together.
      const regex = regexOf(`^${part}$`);
      if (regex instanceof BuiltinFault) return regex;
      pattern += `(${part})`;
      start = at + 1;
    }
  }
  return depth === 0 ? `${pattern}${quotedMeta(template.slice(start))}$` : unbalanced;
}

const unbalanced = new BuiltinFault("a template whose delimiters do not match");
