import { BuiltinFault, entriesOf, mismatch, total } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { anything, boolType, mapType, object, regoFunction, text, texts, textType } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";

const noBase64 = new BuiltinFault("text that is no base64");
const noHex = new BuiltinFault("text that is not hexadecimal");
const noQuery = new BuiltinFault("text that is no URL query");

/** Bytes that are no UTF-8 become U+FFFD: texts here have no others. */
export const encodingFunctions: readonly RegoFunction[] = [
  regoFunction("base64.encode", [text], textType, (plain) => Buffer.from(plain).toString("base64")),
  regoFunction("base64.decode", [text], textType, (encoded) => decodeBase64(encoded)?.toString() ?? noBase64),
  regoFunction(
    "base64.is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && decodeBase64(value) !== undefined,
  ),
  regoFunction("base64url.encode", [text], textType, (plain) =>
    Buffer.from(plain).toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
  ),
  regoFunction("base64url.encode_no_pad", [text], textType, (plain) => Buffer.from(plain).toString("base64url")),
  regoFunction("base64url.decode", [text], textType, (encoded) => decodeBase64Url(encoded)?.toString() ?? noBase64),
  regoFunction("hex.encode", [text], textType, (plain) => Buffer.from(plain).toString("hex")),
  regoFunction("hex.decode", [text], textType, (encoded) =>
    /^(?:[\da-f]{2})*$/i.test(encoded) ? Buffer.from(encoded, "hex").toString() : noHex,
  ),
  regoFunction("urlquery.encode", [text], textType, encodeQuery),
  regoFunction("urlquery.decode", [text], textType, (encoded) => decodeQuery(encoded) ?? noQuery),
  regoFunction("urlquery.encode_object", [object], textType, encodeQueryObject),
  regoFunction("urlquery.decode_object", [text], mapType, decodeQueryObject),
];

/** Padded; line ends are no part of it. `undefined`: it is none. */
function decodeBase64(encoded: string): Buffer | undefined {
  const digits = encoded.replaceAll(/[\r\n]/g, "");
  if (digits.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(digits)) return undefined;
  return Buffer.from(digits, "base64");
}

/** With padding or without. */
export function decodeBase64Url(encoded: string): Buffer | undefined {
  const digits = encoded.replaceAll(/[\r\n]/g, "");
  const bare = digits.replace(/={1,2}$/, "");
  if (!/^[\w-]*$/.test(bare) || bare.length % 4 === 1 || (bare !== digits && digits.length % 4 !== 0)) return undefined;
  return Buffer.from(bare, "base64url");
}

/** As Go's `url.QueryEscape`: a space is a plus sign. */
export function encodeQuery(plain: string): string {
  return encodeURIComponent(plain.toWellFormed())
    .replaceAll("%20", "+")
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodeQuery(encoded: string): string | undefined {
  if (/%(?![\da-f]{2})/i.test(encoded)) return undefined;
  return encoded
    .replaceAll("+", " ")
    .replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll("%", ""), "hex").toString());
}

function encodeQueryObject(map: RegoObject): BuiltinResult {
  const pairs: string[] = [];
  for (const [key, value] of entriesOf(map).toSorted(([a], [b]) => total(a, b))) {
    const values = typeof value === "string" ? [value] : texts.read(value);
    if (typeof key !== "string" || values === undefined) return mismatch;
    for (const each of values) pairs.push(`${encodeQuery(key)}=${encodeQuery(each)}`);
  }
  return pairs.join("&");
}

/** Each key with all its values. A semicolon separates nothing, and may not stand there. */
function decodeQueryObject(query: string): BuiltinResult {
  const values = new Map<string, Value[]>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const key = decodeQuery(equals === -1 ? pair : pair.slice(0, equals));
    const value = decodeQuery(equals === -1 ? "" : pair.slice(equals + 1));
    if (key === undefined || value === undefined || pair.includes(";")) return noQuery;
    const known = values.get(key) ?? [];
    known.push(value);
    values.set(key, known);
  }
  return Object.fromEntries(values);
}
