import { hasNoHiddenMember, nodeCount, shortestLength } from "./json-census.ts";
import { inspectJson } from "./json-inspector.ts";
import type { JsonLimits } from "./json-inspector.ts";
import type { JsonValue } from "./json.ts";
import { hasProblems } from "./request-errors.ts";
import type { Problem, Problems } from "./request-errors.ts";
import { DataDamagedError, InternalError } from "./service-errors.ts";

export type ParsedJson =
  | { readonly kind: "parsed"; readonly value: JsonValue }
  | { readonly kind: "rejected"; readonly problems: Problems };

/** Guarantees S8. */
export const defaultJsonLimits: JsonLimits = { maxDepth: 128, maxNodes: 100_000 };

/**
 * JSON from outside (guarantees S8 and §8 rows 1, 2, 7–12): UTF-8, within the limits, no key twice in an object or able to
 * reach a prototype, only well-formed text, integers beyond 2^53 − 1 kept digit for digit. Every problem is told, not only
 * the first.
 *
 * The built-in parser does the work, and a walk over what it made shows nearly every text to be harmless. Only the others
 * are read again by `inspectJson`, which is exact and several times slower.
 */
export function parseJson(input: Uint8Array | string, limits: JsonLimits = defaultJsonLimits): ParsedJson {
  const text = typeof input === "string" ? input : decodeUtf8(input);
  if (typeof text !== "string") return { kind: "rejected", problems: [text] };
  // The built-in parser takes up to a µs for each container, so a body of brackets alone must not reach it.
  if (text.length > limits.maxNodes && hasMoreBrackets(text, limits.maxNodes)) {
    const rejected = inspected(text, limits);
    if (rejected !== undefined) return rejected;
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    // What the parser says is not passed on anywhere: it quotes the text.
    const rejected = inspected(text, limits);
    if (rejected === undefined) throw new InternalError("JSON.parse refuses what the inspector accepts");
    return rejected;
  }
  if (isHarmless(text, value, limits)) return { kind: "parsed", value };
  return inspected(text, limits) ?? { kind: "parsed", value: longDigits.test(text) ? parseExactly(text) : value };
}

/**
 * JSON that Acteon wrote itself, integers beyond 2^53 − 1 kept digit for digit.
 * @throws {DataDamagedError} It is not JSON.
 */
export function parseJsonText(text: string): JsonValue {
  try {
    return longDigits.test(text) ? parseExactly(text) : (JSON.parse(text) as JsonValue);
  } catch {
    throw new DataDamagedError("a stored record is not JSON");
  }
}

/** Every integer beyond 2^53 − 1 has sixteen digits or more. */
const longDigits = /\d{16}/;

function parseExactly(text: string): JsonValue {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && integer.test(source)
      ? JSON.rawJSON(source)
      : value,
  );
}

const integer = /^-?\d+$/;

/** The text, or the problem with its first byte that no UTF-8 has. A byte order mark stays, and is no JSON. */
function decodeUtf8(bytes: Uint8Array): string | Problem {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString();
  // The decoder puts U+FFFD where it could not go on, which may also have been sent.
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf("\ufffd"); at !== -1; at = text.indexOf("\ufffd", from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) {
      return {
        pointer: "",
        code: "invalid_encoding",
        message: `must be UTF-8: the byte at offset ${offset} begins no character`,
      };
    }
    offset += 3;
    from = at + 1;
  }
  return text;
}

/** More opening brackets of one kind than `max`, in strings or not? */
function hasMoreBrackets(text: string, max: number): boolean {
  return hasMore(text, "[", max) || hasMore(text, "{", max);
}

function hasMore(text: string, character: string, max: number): boolean {
  let left = max;
  for (let at = text.indexOf(character); at !== -1 && left >= 0; at = text.indexOf(character, at + 1)) left--;
  return left < 0;
}

function isHarmless(text: string, value: JsonValue, limits: JsonLimits): boolean {
  const length = shortestLength(value, limits.maxDepth);
  if (Number.isNaN(length) || !text.isWellFormed()) return false;
  // A node and the comma or bracket after it take two characters.
  if (text.length >= 2 * limits.maxNodes && nodeCount(value) > limits.maxNodes) return false;
  // The shortest member that the parser can have dropped for a later one of the same key is `"":0,`; the shortest escape
  // that can make a lone surrogate, `\ud800`, stands for one character. Either leaves five characters unaccounted for.
  return text.length - length < 5 || (hasNoHiddenMember(text, value) && !surrogateEscape.test(text));
}

const surrogateEscape = /\\u[dD][89a-fA-F]/;

function inspected(text: string, limits: JsonLimits): Extract<ParsedJson, { kind: "rejected" }> | undefined {
  const problems = inspectJson(text, limits);
  return hasProblems(problems) ? { kind: "rejected", problems } : undefined;
}
