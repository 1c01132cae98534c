import { BuiltinFault, LimitFault, entriesOf, isAnyMap, valueAt } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { jsonText, parseJson } from "./json-text.ts";
import { readKeys, readSigningKey } from "./jwk.ts";
import type { NamedKey } from "./jwk.ts";
import { jwsAlgorithms } from "./jws.ts";
import type { JwsAlgorithm, JwsKey } from "./jws.ts";
import { claimsOf, headerFault, insistsOnUnknown, maxNestedTokens, nestedToken, parseJwt } from "./jwt.ts";
import type { Jwt } from "./jwt.ts";
import { numberIn } from "./number.ts";
import { boolType, itemsOf, listType, number, object, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";
import { tooLongText } from "./rego-text.ts";

/** Reading a key and verifying with it takes some tenth of a millisecond, signing with RSA a millisecond. */
const verifySteps = 1_000;
const signSteps = 10_000;

const noKey = new BuiltinFault("text that is no key, certificate or set of keys");
const wrongKey = new BuiltinFault("a key of another kind than the algorithm's");
const unknownAlgorithm = new BuiltinFault("an unknown algorithm");
const tooNested = new LimitFault("tokens nested too deep");

export const jwtFunctions: readonly RegoFunction[] = [
  regoFunction("io.jwt.decode", [text], listType, decode),
  ...["hs", "rs", "ps", "es"].flatMap((family) =>
    ["256", "384", "512"].map((size) => verifier(`${family}${size}`, `${family}${size}`.toUpperCase())),
  ),
  verifier("eddsa", "EdDSA"),
  regoFunction("io.jwt.decode_verify", [text, object, number], listType, decodeVerify, {
    steps: verifySteps,
    takesNow: true,
  }),
  regoFunction(
    "io.jwt.encode_sign",
    [object, object, object],
    textType,
    (header, payload, key) => {
      const texts = [jsonText(header), jsonText(payload)];
      return texts[0] === undefined || texts[1] === undefined ? tooLongText : signed(texts[0], texts[1], key);
    },
    { steps: signSteps },
  ),
  regoFunction(
    "io.jwt.encode_sign_raw",
    [text, text, text],
    textType,
    (header, payload, key) => {
      const jwk = parseJson(key);
      return jwk === undefined ? noKey : signed(header, payload, jwk.value);
    },
    { steps: signSteps },
  ),
];

function decode(token: string): BuiltinResult {
  const jwt = innermost(token);
  if (jwt instanceof BuiltinFault) return jwt;
  const claims = claimsOf(jwt);
  return claims instanceof BuiltinFault ? claims : [jwt.header, claims, jwt.signature.toString("hex")];
}

function innermost(token: string, depth = 0): Jwt | BuiltinFault {
  const jwt = parseJwt(token);
  const nested = jwt instanceof BuiltinFault ? undefined : nestedToken(jwt);
  if (nested === undefined) return jwt;
  return depth === maxNestedTokens ? tooNested : innermost(nested, depth + 1);
}

/** `io.jwt.verify_…`: whatever algorithm the token names, this one counts. */
function verifier(name: string, algorithmName: string): RegoFunction {
  const algorithm = jwsAlgorithms.get(algorithmName)!;
  return regoFunction(
    `io.jwt.verify_${name}`,
    [text, text],
    boolType,
    (token, written) => {
      const jwt = parseJwt(token);
      if (jwt instanceof BuiltinFault) return jwt;
      const keys = name.startsWith("hs") ? [secretKey(written)] : readKeys(written);
      return keys === undefined ? noKey : (headerFault(jwt) ?? isVerified(jwt, keys, algorithm));
    },
    { steps: verifySteps },
  );
}

function secretKey(secret: string): NamedKey {
  return { key: Buffer.from(secret), kid: undefined, alg: undefined };
}

/** By the key that the token names; else by any that is for its algorithm, or says nothing of algorithms. */
function isVerified(
  { header, signed: plain, signature }: Jwt,
  keys: readonly NamedKey[],
  algorithm: JwsAlgorithm,
): boolean {
  const kid = valueAt(header, "kid");
  const named = keys.find((key) => key.kid !== undefined && key.kid === kid);
  const alg = valueAt(header, "alg");
  const candidates = named === undefined ? keys.filter((key) => key.alg === undefined || key.alg === alg) : [named];
  return candidates.some(({ key }) => algorithm.verify(key, plain, signature) === true);
}

/** What a token must be, besides well signed. */
interface Constraints {
  readonly keys: readonly NamedKey[];
  readonly alg: Value | undefined;
  readonly iss: Value | undefined;
  readonly aud: Value | undefined;
  /** Since the epoch. */
  readonly nowSeconds: number;
}

const constraintNames: ReadonlySet<Value> = new Set(["cert", "secret", "alg", "iss", "aud", "time"]);

function readConstraints(constraints: RegoObject, nowNs: number): Constraints | BuiltinFault {
  if (entriesOf(constraints).some(([name]) => !constraintNames.has(name)))
    return new BuiltinFault("an unknown constraint");
  const [cert, secret, alg, iss, aud] = ["cert", "secret", "alg", "iss", "aud"].map((name) =>
    valueAt(constraints, name),
  );
  const timeNs = numberIn(valueAt(constraints, "time") ?? nowNs);
  const areTexts = [cert, secret, alg, iss, aud].every((value) => value === undefined || typeof value === "string");
  if (!areTexts || timeNs === undefined || timeNs < 0) return new BuiltinFault("a constraint of another type");
  const hasSecret = typeof secret === "string" && secret !== "";
  if ((cert !== undefined) === hasSecret) return new BuiltinFault("constraints without a key, or with two");
  const keys = hasSecret ? [secretKey(secret)] : typeof cert === "string" ? readKeys(cert) : undefined;
  return keys === undefined ? noKey : { keys, alg, iss, aud, nowSeconds: Number(timeNs) / 1e9 };
}

const unverified: BuiltinResult = [false, {}, {}];

function decodeVerify(token: string, written: RegoObject, nowNs: number | bigint): BuiltinResult {
  const constraints = readConstraints(written, Number(nowNs));
  if (constraints instanceof BuiltinFault) return constraints;
  let nested: string | undefined = token;
  for (let depth = 0; depth <= maxNestedTokens; depth++) {
    const jwt = parseJwt(nested);
    if (jwt instanceof BuiltinFault) return jwt;
    const fault = headerFault(jwt);
    if (fault !== undefined) return fault;
    if (!isTrusted(jwt, constraints)) return unverified;
    nested = nestedToken(jwt);
    if (nested !== undefined) continue;
    const claims = claimsOf(jwt);
    if (claims instanceof BuiltinFault) return claims;
    const meets = meetsConstraints(claims, constraints);
    if (meets instanceof BuiltinFault) return meets;
    return meets ? [true, jwt.header, claims] : unverified;
  }
  return tooNested;
}

/** Whatever else is wrong with a signature, it is not one: an unknown algorithm, a key of another kind. */
function isTrusted(jwt: Jwt, { keys, alg: wanted }: Constraints): boolean {
  const alg = valueAt(jwt.header, "alg");
  const algorithm = typeof alg === "string" ? jwsAlgorithms.get(alg) : undefined;
  if (algorithm === undefined || insistsOnUnknown(jwt) || (wanted !== undefined && wanted !== alg)) return false;
  return isVerified(jwt, keys, algorithm);
}

function meetsConstraints(claims: RegoObject, { iss, aud, nowSeconds }: Constraints): boolean | BuiltinFault {
  if (iss !== undefined && valueAt(claims, "iss") !== iss) return false;
  const audience = valueAt(claims, "aud");
  // A token for somebody is not for those who do not say who they are (RFC 7519 §4.1.3).
  if ((audience !== undefined || aud !== undefined) && !isAmong(aud, audience)) return false;
  const expiry = secondsAt(claims, "exp");
  const start = secondsAt(claims, "nbf");
  if (expiry instanceof BuiltinFault || start instanceof BuiltinFault)
    return new BuiltinFault("a token with a time that is no number");
  return nowSeconds < (expiry ?? Number.POSITIVE_INFINITY) && nowSeconds >= (start ?? Number.NEGATIVE_INFINITY);
}

function isAmong(wanted: Value | undefined, audience: Value = null): boolean {
  return wanted !== undefined && (itemsOf(audience) ?? [audience]).includes(wanted);
}

function secondsAt(claims: RegoObject, name: string): number | undefined | BuiltinFault {
  const value = valueAt(claims, name);
  if (value === undefined) return undefined;
  const seconds = numberIn(value);
  return seconds === undefined ? new BuiltinFault("a time that is no number") : Number(seconds);
}

/** The header and the payload as they are written, and the signature of both. */
function signed(header: string, payload: string, jwk: Value): BuiltinResult {
  const fields = parseJson(header)?.value;
  const alg = fields !== undefined && isAnyMap(fields) ? valueAt(fields, "alg") : undefined;
  const algorithm = typeof alg === "string" ? jwsAlgorithms.get(alg) : undefined;
  if (algorithm === undefined) return unknownAlgorithm;
  // Whatever does not say that it is something else is JSON.
  const type = valueAt(fields as RegoObject, "typ");
  if ((typeof type !== "string" || type === "JWT") && parseJson(payload) === undefined) {
    return new BuiltinFault("a payload that is no JSON");
  }
  const key = readSigningKey(jwk);
  if (key === undefined) return noKey;
  const plain = [header, payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
  const signature = signatureOf(algorithm, key, Buffer.from(plain));
  return signature === undefined ? wrongKey : `${plain}.${signature.toString("base64url")}`;
}

function signatureOf(algorithm: JwsAlgorithm, key: JwsKey, plain: Buffer): Buffer | undefined {
  try {
    return algorithm.sign(key, plain);
  } catch {
    // A key that is too small for the signature.
    return undefined;
  }
}
