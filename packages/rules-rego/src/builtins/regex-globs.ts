import { BuiltinFault, LimitFault } from "@acteon/rules";

/** Characters, one of which is taken once, or as often as there are such. */
interface GlobToken {
  /** Code points from one to another; both are in it. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly repeats: boolean;
}

const maxCodePoint = 0x10_ffff;
const badGlob = new BuiltinFault("a glob-like regular expression that is none");
const tooLong = new LimitFault("too long a glob-like regular expression");

/** Most pairs of places in the two that are looked at. */
const maxPairs = 100_000;

/**
 * Is there a text that is not empty and that both match? They are regular expressions of characters, `.`, `[…]`, `*`, `+`
 * and backslashes only.
 */
export function globsIntersect(a: string, b: string): boolean | BuiltinFault {
  const left = parseTokens(a);
  const right = parseTokens(b);
  if (left === undefined || right === undefined) return badGlob;
  if ((left.length + 1) * (right.length + 1) > maxPairs) return tooLong;
  return haveCommonText(left, right);
}

function parseTokens(glob: string): readonly GlobToken[] | undefined {
  const tokens: GlobToken[] = [];
  const chars = Array.from(glob);
  for (let at = 0; at < chars.length;) {
    const set = chars[at] === "[" ? readSet(chars, at + 1) : readCharacter(chars, at);
    if (set === undefined) return undefined;
    const { ranges, next } = set;
    const flag = chars[next];
    // `x+` is `xx*`.
    if (flag !== "*") tokens.push({ ranges, repeats: false });
    if (flag === "*" || flag === "+") tokens.push({ ranges, repeats: true });
    at = flag === "*" || flag === "+" ? next + 1 : next;
  }
  return tokens;
}

interface ReadSet {
  readonly ranges: GlobToken["ranges"];
  readonly next: number;
}

function readCharacter(chars: readonly string[], at: number): ReadSet | undefined {
  const char = chars[at]!;
  if (char === ".") return { ranges: [[0, maxCodePoint]], next: at + 1 };
  if (char === "]" || char === "*" || char === "+") return undefined;
  const plain = char === "\\" ? chars[at + 1] : char;
  if (plain === undefined) return undefined;
  const code = plain.codePointAt(0)!;
  return { ranges: [[code, code]], next: at + (char === "\\" ? 2 : 1) };
}

function readSet(chars: readonly string[], start: number): ReadSet | undefined {
  const ranges: (readonly [number, number])[] = [];
  let at = start;
  while (chars[at] !== "]") {
    const from = readSetCharacter(chars, at);
    if (from === undefined) return undefined;
    at = from.next;
    if (chars[at] !== "-") {
      ranges.push([from.code, from.code]);
      continue;
    }
    const to = readSetCharacter(chars, at + 1);
    if (to === undefined || to.code < from.code) return undefined;
    ranges.push([from.code, to.code]);
    at = to.next;
  }
  return ranges.length === 0 ? undefined : { ranges, next: at + 1 };
}

function readSetCharacter(
  chars: readonly string[],
  at: number,
): { readonly code: number; readonly next: number } | undefined {
  const char = chars[at];
  if (char === undefined || char === "[" || char === "]" || char === "-") return undefined;
  const plain = char === "\\" ? chars[at + 1] : char;
  return plain === undefined ? undefined : { code: plain.codePointAt(0)!, next: at + (char === "\\" ? 2 : 1) };
}

/** Walks both at once, from pair to pair of places that one and the same text leads to. */
function haveCommonText(left: readonly GlobToken[], right: readonly GlobToken[]): boolean {
  const width = right.length + 1;
  const size = (left.length + 1) * width;
  // Each pair twice: before anything was taken, and after.
  const reached = new Uint8Array(2 * size);
  const queue: number[] = [];
  const reach = (i: number, j: number, hasTaken: boolean): void => {
    const state = i * width + j + (hasTaken ? size : 0);
    if (reached[state] === 1) return;
    reached[state] = 1;
    queue.push(state);
  };
  reach(0, 0, false);
  for (const state of queue) {
    const hasTaken = state >= size;
    const pair = state % size;
    const i = Math.floor(pair / width);
    const j = pair % width;
    const a = left[i];
    const b = right[j];
    if (a?.repeats === true) reach(i + 1, j, hasTaken);
    if (b?.repeats === true) reach(i, j + 1, hasTaken);
    if (a !== undefined && b !== undefined && overlap(a.ranges, b.ranges)) {
      reach(a.repeats ? i : i + 1, b.repeats ? j : j + 1, true);
    }
  }
  return reached[2 * size - 1] === 1;
}

function overlap(a: GlobToken["ranges"], b: GlobToken["ranges"]): boolean {
  return a.some(([from, to]) => b.some(([otherFrom, otherTo]) => from <= otherTo && otherFrom <= to));
}
