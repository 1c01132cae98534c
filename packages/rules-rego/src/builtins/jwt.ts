import { BuiltinFault, isAnyMap, valueAt } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { decodeBase64Url } from "./encoding-functions.ts";
import { parseJson } from "./json-text.ts";
import { itemsOf } from "./rego-function.ts";
import type { RegoObject } from "./rego-function.ts";

/** A JSON Web Token in its parts (RFC 7519, RFC 7515). Nothing is verified. */
export interface Jwt {
  readonly header: RegoObject;
  /** As text: of a token within a token it is that token. */
  readonly payload: string;
  readonly signature: Buffer;
  /** What is signed. */
  readonly signed: Buffer;
}

/** Tokens within each other. */
export const maxNestedTokens = 10;

const noToken = new BuiltinFault("text that is no token: it does not have three parts");
const badEncoding = new BuiltinFault("a token with a part that is no base64");
const badHeader = new BuiltinFault("a token whose header is no JSON object");
const encrypted = new BuiltinFault("a token that is encrypted, which is not supported");

export function parseJwt(token: string): Jwt | BuiltinFault {
  const parts = token.split(".");
  if (parts.length !== 3) return noToken;
  const [header, payload, signature] = parts.map(decodeBase64Url);
  if (header === undefined || payload === undefined || signature === undefined) return badEncoding;
  const fields = parseJson(header.toString())?.value;
  if (fields === undefined || !isAnyMap(fields)) return badHeader;
  if (valueAt(fields, "enc") !== undefined) return encrypted;
  return { header: fields, payload: payload.toString(), signature, signed: Buffer.from(`${parts[0]}.${parts[1]}`) };
}

const malformedHeader = new BuiltinFault("a token whose header has a part of another type");

/** A fault where a part of the header that is known is not what it has to be. */
export function headerFault({ header }: Jwt): BuiltinFault | undefined {
  const areTexts = ["alg", "kid", "typ", "cty"].every((name) => {
    const value = valueAt(header, name);
    return value === undefined || typeof value === "string";
  });
  const critical = valueAt(header, "crit");
  const isList = critical === undefined || (itemsOf(critical)?.length ?? 0) > 0;
  return areTexts && isList ? undefined : malformedHeader;
}

/** Does the header insist on a part that nobody here knows (RFC 7515 §4.1.11)? */
export function insistsOnUnknown({ header }: Jwt): boolean {
  const known: ReadonlySet<Value> = new Set(["alg", "kid", "typ", "cty", "crit"]);
  const critical = itemsOf(valueAt(header, "crit") ?? []) ?? [];
  return critical.some((name) => !known.has(name) && valueAt(header, name) !== undefined);
}

/** A token that is the payload of another stands in quotes, or does not. */
export function nestedToken({ header, payload }: Jwt): string | undefined {
  const type = valueAt(header, "cty");
  return typeof type === "string" && type.toUpperCase() === "JWT"
    ? payload.replaceAll(/^["']+|["']+$/g, "")
    : undefined;
}

export function claimsOf({ payload }: Jwt): RegoObject | BuiltinFault {
  const claims = parseJson(payload)?.value;
  return claims !== undefined && isAnyMap(claims)
    ? claims
    : new BuiltinFault("a token whose payload is no JSON object");
}
