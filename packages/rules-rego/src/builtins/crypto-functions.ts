import { createHash, createHmac, createPrivateKey, timingSafeEqual } from "node:crypto";
import type { KeyObject, webcrypto } from "node:crypto";
import { intOf } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { boolType, listType, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

export const cryptoFunctions: readonly RegoFunction[] = [
  ...["md5", "sha1", "sha256"].map((algorithm) =>
    regoFunction(`crypto.${algorithm}`, [text], textType, (plain) => createHash(algorithm).update(plain).digest("hex")),
  ),
  ...["md5", "sha1", "sha256", "sha512"].map((algorithm) =>
    regoFunction(`crypto.hmac.${algorithm}`, [text, text], textType, (plain, key) =>
      createHmac(algorithm, key).update(plain).digest("hex"),
    ),
  ),
  regoFunction("crypto.hmac.equal", [text, text], boolType, (a, b) => isSame(Buffer.from(a), Buffer.from(b))),
  regoFunction("crypto.parse_private_keys", [text], ["null", ...listType], privateKeys, { steps: 2_000 }),
];

/** In a time that tells nothing of where they differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Most keys that are read from one text. */
const maxKeys = 100;

/** From blocks of PEM one after the other, which may be in base64 together. */
function privateKeys(encoded: string): BuiltinResult {
  if (encoded === "") return null;
  const pem = encoded.includes("-----BEGIN ") ? encoded : Buffer.from(encoded, "base64").toString();
  const blocks = pem.match(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*-----END \1-----/g) ?? [];
  return blocks.slice(0, maxKeys).flatMap((block) => privateKeyIn(block) ?? []);
}

function privateKeyIn(block: string): Value | undefined {
  try {
    return describedKey(createPrivateKey(block));
  } catch {
    return undefined;
  }
}

/** As Go writes the key in JSON. */
function describedKey(key: KeyObject): Value | undefined {
  const jwk = key.export({ format: "jwk" });
  if (key.asymmetricKeyType === "rsa") return rsaKey(jwk);
  if (key.asymmetricKeyType === "ec") return { Curve: {}, D: numberIn(jwk.d), X: numberIn(jwk.x), Y: numberIn(jwk.y) };
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  return Buffer.concat([seed, Buffer.from(jwk.x ?? "", "base64url")]).toString("base64");
}

function rsaKey({ n, e, d, p, q, dp, dq, qi }: webcrypto.JsonWebKey): Value {
  return {
    N: numberIn(n),
    E: numberIn(e),
    D: numberIn(d),
    Primes: [numberIn(p), numberIn(q)],
    Precomputed: { Dp: numberIn(dp), Dq: numberIn(dq), Qinv: numberIn(qi), CRTValues: [] },
  };
}

function numberIn(base64url = ""): Value {
  return intOf(BigInt(`0x${Buffer.from(base64url, "base64url").toString("hex") || "0"}`));
}
