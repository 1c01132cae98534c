import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { call, testCalls } from "./testing.ts";

testCalls([
  ["crypto.md5", ["lorem ipsum"], '"80a751fde577028640c419000e33eba6"'],
  ["crypto.sha1", ["lorem ipsum"], '"bfb7759a67daeb65410490b4d98bb9da7d1ea2ce"'],
  ["crypto.sha256", ["lorem ipsum"], '"5e2bf57d3f40c4b6df69daf1936cb766f832374b4fc0259a7cbff06e2f70f269"'],
  ["crypto.sha256", [1], "mismatch"],
  ["crypto.hmac.md5", ["foo", "bar"], '"31b6db9e5eb4addb42f1a6ca07367adc"'],
  ["crypto.hmac.sha1", ["foo", "bar"], '"85d155c55ed286a300bd1cf124de08d87e914f3a"'],
  ["crypto.hmac.sha256", ["foo", "bar"], '"147933218aaabc0b8b10a2b3a5c34684c8d94341bcf10a4736dc7270f7741851"'],
  ["crypto.hmac.equal", ["31b6", "31b6"], "true"],
  ["crypto.hmac.equal", ["31b6", "31b7"], "false"],
  ["crypto.hmac.equal", ["31b6", "31"], "false"],
  ["crypto.parse_private_keys", [""], "null"],
  ["crypto.parse_private_keys", ["nope"], "[]"],
  ["crypto.parse_private_keys", ["-----BEGIN PRIVATE KEY-----\nnope\n-----END PRIVATE KEY-----"], "[]"],
]);

test("private keys are read from blocks of PEM one after the other, and from their base64", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const pem = `${rsa.export({ type: "pkcs1", format: "pem" })}${ec.export({ type: "sec1", format: "pem" })}`;
  const modulus = BigInt(`0x${Buffer.from(rsa.export({ format: "jwk" }).n!, "base64url").toString("hex")}`);
  const keys = call("crypto.parse_private_keys", pem);
  expect(keys).toMatchObject([{ N: modulus, E: 65_537 }, { Curve: {} }]);
  expect(call("crypto.parse_private_keys", Buffer.from(pem).toString("base64"))).toEqual(keys);
});
