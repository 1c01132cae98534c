import { createRequire } from "node:module";
import type * as re2js from "re2js";

const require = createRequire(import.meta.url);

/** Longest pattern, in UTF-16 units (guarantees §8 row 59). */
export const maxPatternLength = 1_000;
/** Largest compiled pattern, in instructions: a short pattern can stand for a very large one, as `(a?){500}`. */
const maxProgramSize = 1_000;
/** Most work of one search: instructions × length of the text. About 30 ms at its worst. */
const maxSearchWork = 4_000_000;
/**
 * Memory of a pattern's automaton, in bytes. Where its states do not fit, the text is gone through without one, which takes
 * some 8 ns for an instruction and character; in the library's 8 MiB such a pattern could build states for 200 ms first.
 */
const maxAutomatonBytes = 128 * 1_024;
/** So many states fit, and each takes some five times as long as a character. */
const maxStates = 512;
/** How much work is a step of an evaluation, which has 200,000 of them. */
const workPerStep = 25;
/** Most that compiling one pattern may take: some 20 ms. */
const maxStepsToCompile = 200_000;
/**
 * Most work of finding one match after the other. Each may look on to the end of the text and come back, so the lengths
 * that are left count; hardly any pattern does.
 */
const maxFindWork = 4 * maxSearchWork;

export type CompiledRegex =
  | { readonly kind: "compiled"; readonly regex: LinearRegex }
  /** `message` completes "this pattern …". */
  | { readonly kind: "refused"; readonly message: string };

export interface LinearRegex {
  /** What a search takes from the step budget of an evaluation: nearly all take less, but no other bound is certain. */
  stepsToSearch(text: string): number;
  /** Is there a match anywhere in the text? `undefined`: the text is too long for this pattern. */
  search(text: string): boolean | undefined;
  /**
   * The first `most` matches that do not overlap, from left to right, as Go finds them: an empty one right after another
   * match is none. `undefined`: the text is too long for this pattern.
   */
  find(text: string, most: number): readonly RegexMatch[] | undefined;
  /** The numbers of the groups that have names. */
  readonly groupNames: ReadonlyMap<string, number>;
}

/** Where a match is, and each of its groups; `undefined` of a group that took no part. The first is the whole match. */
export type RegexMatch = readonly (RegexExtent | undefined)[] & { readonly 0: RegexExtent };

export interface RegexExtent {
  readonly start: number;
  readonly end: number;
}

/** A pattern in RE2 syntax, which matches in time linear in the text (guarantees S9). */
export function compileRegex(pattern: string): CompiledRegex {
  if (pattern.length > maxPatternLength) {
    return { kind: "refused", message: `is longer than ${maxPatternLength} characters` };
  }
  if (stepsToCompile(pattern) > maxStepsToCompile) {
    return {
      kind: "refused",
      message: "has more classes of Unicode, or ranges in them, than can be compiled in bounded time",
    };
  }
  const literal = literalRegex(pattern);
  if (literal !== undefined) return { kind: "compiled", regex: literal };
  let compiled: re2js.RE2JS;
  try {
    // Loaded by the first rule that needs it, which most sets have none of: 4 MB.
    compiled = (require("re2js") as typeof re2js).RE2JS.compile(pattern);
  } catch (error) {
    return { kind: "refused", message: `is no RE2 syntax: ${reasonOf(error)}` };
  }
  const size = Math.max(compiled.programSize(), 1);
  if (size > maxProgramSize)
    return { kind: "refused", message: "expands to more than can be searched in bounded time" };
  const maxLength = Math.floor(maxSearchWork / size);
  let isBounded = false;
  return {
    kind: "compiled",
    regex: {
      stepsToSearch: ({ length }) => Math.ceil((size * (length + 5 * Math.min(length, maxStates))) / workPerStep),
      search(text) {
        if (text.length > maxLength) return undefined;
        if (!isBounded) isBounded = boundAutomaton(compiled);
        return compiled.test(text);
      },
      find(text, most) {
        const matcher = compiled.matcher(text);
        return matchesIn(text, most, Math.floor(maxFindWork / size), (from) =>
          matcher.find(from) ? matchOf(matcher) : undefined,
        );
      },
      groupNames: new Map(Object.entries(compiled.namedGroups())),
    },
  };
}

/** The automaton is made when it is asked for the first time, which most patterns of a set never are. */
function boundAutomaton(compiled: re2js.RE2JS): true {
  const { dfa } = compiled.re2();
  dfa.stateBudget = maxAutomatonBytes;
  dfa.memBudget = maxAutomatonBytes;
  return true;
}

/**
 * What compiling a pattern takes from the step budget of an evaluation: 100 steps, 10 µs, for a character, which a repetition
 * may make many of; 0.15 ms for a class of Unicode, and 3 ms for a range beyond ASCII that disregards case, as it is walked
 * through.
 */
export function stepsToCompile(pattern: string): number {
  if (pattern.length > maxPatternLength) return 0; // refused unread
  const classes = pattern.match(/\\[pP]/g)?.length ?? 0;
  const ranges = /\(\?[A-Za-z]*i/.test(pattern) ? (pattern.match(/-(?:\\|\P{ASCII})/gu)?.length ?? 0) : 0;
  return 100 * pattern.length + 1_500 * classes + 30_000 * ranges;
}

function matchOf(matcher: re2js.Matcher): RegexMatch {
  const extents = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => {
    const start = matcher.start(group);
    return start === -1 ? undefined : { start, end: matcher.end(group) };
  });
  return extents as readonly (RegexExtent | undefined)[] as RegexMatch;
}

function matchesIn(
  text: string,
  most: number,
  maxWork: number,
  next: (from: number) => RegexMatch | undefined,
): readonly RegexMatch[] | undefined {
  const matches: RegexMatch[] = [];
  let work = maxWork;
  let lastEnd = -1;
  for (let from = 0; from <= text.length && matches.length < most;) {
    work -= text.length - from;
    if (work < 0) return undefined;
    const match = next(from);
    if (match === undefined) break;
    const [{ start, end }] = match;
    if (end > start || start !== lastEnd) matches.push(match);
    from = end > from ? end : from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
    lastEnd = end;
  }
  return matches;
}

/** A pattern without operators, perhaps anchored, as the text operation that it is: a tenth of the cost. */
function literalRegex(pattern: string): LinearRegex | undefined {
  const [, start, literal, end] = /^(\^?)([^\\^$.|?*+()[\]{}]*)(\$?)$/.exec(pattern) ?? [];
  if (literal === undefined || !literal.isWellFormed()) return undefined;
  const search = literalSearch(literal, start === "^", end === "$");
  const placeAfter = (text: string, from: number): number => {
    if (start === "" && end === "") return text.indexOf(literal, from);
    const place = start === "^" ? 0 : text.length - literal.length;
    return place >= from && search(text) ? place : -1;
  };
  return {
    stepsToSearch: () => 0,
    search,
    find: (text, most) =>
      matchesIn(text, most, Number.POSITIVE_INFINITY, (from) => {
        const place = placeAfter(text, from);
        return place === -1 ? undefined : [{ start: place, end: place + literal.length }];
      }),
    groupNames: new Map(),
  };
}

function literalSearch(literal: string, fromStart: boolean, toEnd: boolean): (text: string) => boolean {
  if (fromStart) return toEnd ? (text) => text === literal : (text) => text.startsWith(literal);
  return toEnd ? (text) => text.endsWith(literal) : (text) => text.includes(literal);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error parsing regexp: /, "");
}
