import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { fromJson, isAnyMap, valueAt } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { jsonText, parseJson } from "./json-text.ts";
import type { JwsKey } from "./jws.ts";
import { itemsOf } from "./rego-function.ts";

/** A key that tokens are verified with, and what it says of itself. */
export interface NamedKey {
  readonly key: JwsKey;
  readonly kid: string | undefined;
  readonly alg: string | undefined;
}

/** Most keys of one set. */
const maxKeys = 100;
/** Calculating with larger ones takes from milliseconds to minutes. */
const maxRsaBits = 8_192;

/** From a certificate or public key in PEM, a JWK or a set of them (RFC 7517). `undefined`: it is none of these. */
export function readKeys(written: string): readonly NamedKey[] | undefined {
  if (written.includes("-----BEGIN ")) {
    const key = publicKeyOfPem(written.trim());
    return key && [{ key, kid: undefined, alg: undefined }];
  }
  const document = parseJson(written)?.value;
  if (document === undefined || !isAnyMap(document)) return undefined;
  const set = itemsOf(valueAt(document, "keys") ?? null) ?? [document];
  const keys = set.slice(0, maxKeys).map((jwk) => namedKey(fromJson(jwk)));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function publicKeyOfPem(pem: string): KeyObject | undefined {
  try {
    if (/^-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----$/.test(pem))
      return bounded(new X509Certificate(pem).publicKey);
    return /^-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----$/.test(pem)
      ? bounded(createPublicKey(pem))
      : undefined;
  } catch {
    return undefined;
  }
}

function bounded(key: KeyObject): KeyObject | undefined {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) > maxRsaBits ? undefined : key;
}

function namedKey(jwk: Value): NamedKey | undefined {
  const key = keyOfJwk(jwk, createPublicKey);
  return key && { key, kid: textAt(jwk, "kid"), alg: textAt(jwk, "alg") };
}

/** The secret or private key of a JWK. */
export function readSigningKey(jwk: Value): JwsKey | undefined {
  return keyOfJwk(jwk, createPrivateKey);
}

function keyOfJwk(jwk: Value, create: typeof createPublicKey | typeof createPrivateKey): JwsKey | undefined {
  if (textAt(jwk, "kty") === "oct") {
    const secret = textAt(jwk, "k");
    return secret === undefined ? undefined : Buffer.from(secret, "base64url");
  }
  try {
    return bounded(create({ key: JSON.parse(jsonText(jwk) ?? "null"), format: "jwk" }));
  } catch {
    return undefined;
  }
}

function textAt(map: Value, key: string): string | undefined {
  const value = isAnyMap(map) ? valueAt(map, key) : undefined;
  return typeof value === "string" ? value : undefined;
}
