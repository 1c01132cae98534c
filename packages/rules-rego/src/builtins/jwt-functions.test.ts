import { generateKeyPairSync } from "node:crypto";
import { setOf } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

const nowNs = 1_700_000_000_000_000_000n;
const secret = { kty: "oct", k: Buffer.from("secret").toString("base64url") };

function encoded(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

function tokenOf(payload: Value, header: Value = {}): string {
  return call("io.jwt.encode_sign", { alg: "HS256", ...(header as object) }, payload, secret) as string;
}

function verified(token: string, constraints: Value = {}): string {
  return shown("io.jwt.decode_verify", token, { secret: "secret", ...(constraints as object) }, nowNs);
}

const unverified = "[false, {}, {}]";

describe("decoding", () => {
  testCalls([
    ["io.jwt.decode", [`${encoded({ alg: "none" })}.${encoded({ a: 1 })}.`], '[{"alg": "none"}, {"a": 1}, ""]'],
    ["io.jwt.decode", [`${encoded({})}.${encoded('{"a": 1, "a": 2}')}.AQID`], '[{}, {"a": 2}, "010203"]'],
    [
      "io.jwt.decode",
      [`${encoded({ cty: "JWT" })}.${encoded(`"${encoded({})}.${encoded({ in: 1 })}.AQ"`)}.AQ`],
      '[{}, {"in": 1}, "01"]',
    ],
    ["io.jwt.decode", [`${encoded({ enc: "x" })}.${encoded({})}.AQ`], "fault"],
    ["io.jwt.decode", ["abc"], "fault"],
    ["io.jwt.decode", ["a.b"], "fault"],
    ["io.jwt.decode", [`${encoded({})}.${encoded({})}.!`], "fault"],
    ["io.jwt.decode", [`${encoded([])}.${encoded({})}.AQ`], "fault"],
    ["io.jwt.decode", [`${encoded({})}.${encoded([])}.AQ`], "fault"],
    ["io.jwt.decode", [1], "mismatch"],
  ]);

  test("tokens within tokens end somewhere", () => {
    let token = `${encoded({})}.${encoded({ in: 1 })}.AQ`;
    for (let i = 0; i < 20; i++) token = `${encoded({ cty: "JWT" })}.${encoded(token)}.AQ`;
    expect(shown("io.jwt.decode", token)).toBe("fault");
  });
});

describe("signing", () => {
  testCalls([
    // The key of RFC 7515, A.1; claims in order, sets as lists.
    [
      "io.jwt.encode_sign",
      [
        { typ: "JWT", alg: "HS256" },
        { aud: setOf(["saul", "bob"]), exp: 1_300_819_380 },
        { kty: "oct", k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow" },
      ],
      `"${encoded('{"alg":"HS256","typ":"JWT"}')}.${encoded('{"aud":["bob","saul"],"exp":1300819380}')}.LUHm92GYQOuwm0acSorPMhFhyiwG6zWx2uWdA-t8cVI"`,
    ],
    ["io.jwt.encode_sign_raw", ['{"alg":"dummy"}', "{}", JSON.stringify(secret)], "fault"],
    ["io.jwt.encode_sign_raw", ["e", "{}", JSON.stringify(secret)], "fault"],
    ["io.jwt.encode_sign_raw", ["{}", "{}", JSON.stringify(secret)], "fault"],
    ["io.jwt.encode_sign_raw", ['{"alg":"HS256","typ":"JWT"}', "e", JSON.stringify(secret)], "fault"],
    ["io.jwt.encode_sign_raw", ['{"alg":"HS256"}', "e", JSON.stringify(secret)], "fault"],
    ["io.jwt.encode_sign_raw", ['{"alg":"HS256"}', "{}", "e"], "fault"],
    ["io.jwt.encode_sign_raw", ['{"alg":"HS256"}', "{}", '{"kty":"RSA"}'], "fault"],
    ["io.jwt.encode_sign_raw", ['{"alg":"RS256"}', "{}", JSON.stringify(secret)], "fault"],
  ]);

  test("the header and the payload are signed as they are written", () => {
    const token = call(
      "io.jwt.encode_sign_raw",
      '{"typ":"text/plain",\r\n "alg":"HS256"}',
      "e",
      JSON.stringify(secret),
    ) as string;
    expect(token.split(".").slice(0, 2)).toEqual([encoded('{"typ":"text/plain",\r\n "alg":"HS256"}'), encoded("e")]);
    expect(shown("io.jwt.verify_hs256", token, "secret")).toBe("true");
  });
});

describe.each([
  ["RS256", "rs256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ["PS384", "ps384", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ["ES256", "es256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["ES512", "es512", () => generateKeyPairSync("ec", { namedCurve: "P-521" })],
  ["EdDSA", "eddsa", () => generateKeyPairSync("ed25519")],
])("%s", (alg, name, generate) => {
  const { privateKey, publicKey } = generate();
  const jwk = publicKey.export({ format: "jwk" });
  const token = call(
    "io.jwt.encode_sign",
    { alg, kid: "one" },
    { a: 1 },
    privateKey.export({ format: "jwk" }) as Value,
  ) as string;
  const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
  const forged = `${token.slice(0, -4)}AAAA`;

  test.each([
    ["a public key in PEM", pem, "true"],
    ["a JWK", JSON.stringify(jwk), "true"],
    [
      "a set of keys, by its kid",
      JSON.stringify({
        keys: [
          { ...jwk, kid: "two", alg: "HS256" },
          { ...jwk, kid: "one", alg: "x" },
        ],
      }),
      "true",
    ],
    [
      "a set of keys, none of which is for the algorithm",
      JSON.stringify({ keys: [{ ...jwk, kid: "two", alg: "HS256" }] }),
      "false",
    ],
    ["a secret in the place of the key", JSON.stringify(secret), "false"],
    ["what is no key", "-----BEGIN CERTIFICATE-----\ndead\n-----END CERTIFICATE-----", "fault"],
    ["two keys in PEM", pem + pem, "fault"],
    ["text", "nope", "fault"],
  ])("verified with %s", (_, key, result) => {
    expect(shown(`io.jwt.verify_${name}`, token, key)).toBe(result);
  });

  test("not with another signature", () => {
    expect(shown(`io.jwt.verify_${name}`, forged, pem)).toBe("false");
    expect(shown("io.jwt.decode_verify", forged, { cert: pem }, nowNs)).toBe(unverified);
  });

  test("decoded and verified", () => {
    const result = `[true, {"alg": "${alg}", "kid": "one"}, {"a": 1}]`;
    expect(shown("io.jwt.decode_verify", token, { cert: pem }, nowNs)).toBe(result);
    expect(shown("io.jwt.decode_verify", token, { cert: pem, alg }, nowNs)).toBe(result);
    expect(shown("io.jwt.decode_verify", token, { cert: pem, alg: "HS256" }, nowNs)).toBe(unverified);
    expect(shown("io.jwt.decode_verify", token, { secret: "secret" }, nowNs)).toBe(unverified);
  });
});

describe("what a token must meet", () => {
  test.each<[string, Value, Value, "verified" | "unverified" | "fault"]>([
    ["no claims and no constraints", {}, {}, "verified"],
    ["its issuer", { iss: "a" }, { iss: "a" }, "verified"],
    ["another issuer", { iss: "b" }, { iss: "a" }, "unverified"],
    ["an issuer that it does not name", {}, { iss: "a" }, "unverified"],
    ["its audience", { aud: "a" }, { aud: "a" }, "verified"],
    ["one of its audience", { aud: ["b", "a"] }, { aud: "a" }, "verified"],
    ["none of its audience", { aud: ["b"] }, { aud: "a" }, "unverified"],
    ["an audience that it does not name", {}, { aud: "a" }, "unverified"],
    ["an audience that nobody claims to be", { aud: "a" }, {}, "unverified"],
    ["not expired", { exp: 1_700_000_000.5 }, {}, "verified"],
    ["expired this moment", { exp: 1_700_000_000 }, {}, "unverified"],
    ["not expired at another time", { exp: 1_000 }, { time: 999_000_000_000 }, "verified"],
    ["begun this moment", { nbf: 1_700_000_000 }, {}, "verified"],
    ["not begun", { nbf: 1_700_000_001 }, {}, "unverified"],
    ["an expiry that is no number", { exp: null }, {}, "fault"],
    ["a constraint that there is not", {}, { sub: "a" }, "fault"],
    ["a constraint of another type", {}, { iss: 1 }, "fault"],
    ["two keys", {}, { cert: "x" }, "fault"],
    ["an empty secret", {}, { secret: "" }, "fault"],
    ["a time before the epoch", {}, { time: -1 }, "fault"],
  ])("%s", (_, claims, constraints, result) => {
    const shownResult = verified(tokenOf(claims), constraints);
    expect(shownResult === "fault" ? "fault" : shownResult === unverified ? "unverified" : "verified").toBe(result);
  });

  test("a header that insists on what is not known", () => {
    expect(verified(tokenOf({}, { crit: ["x"], x: 1 }))).toBe(unverified);
    expect(verified(tokenOf({}, { crit: ["alg"] }))).toBe('[true, {"alg": "HS256", "crit": ["alg"]}, {}]');
    expect(verified(tokenOf({}, { crit: [] }))).toBe("fault");
    expect(verified(tokenOf({}, { kid: 1 }))).toBe("fault");
  });

  test("an algorithm that there is not, and none", () => {
    expect(verified(`${encoded({ alg: "none" })}.${encoded({})}.`)).toBe(unverified);
    expect(verified(`${encoded({})}.${encoded({})}.`)).toBe(unverified);
  });

  test("another secret", () => {
    expect(shown("io.jwt.decode_verify", tokenOf({}), { secret: "other" }, nowNs)).toBe(unverified);
    expect(shown("io.jwt.decode_verify", tokenOf({}), {}, nowNs)).toBe("fault");
  });

  test("each token of those within each other", () => {
    const nested = tokenOf({ in: 1 });
    const header = JSON.stringify({ alg: "HS256", cty: "JWT" });
    const outer = (inner: string): string =>
      call("io.jwt.encode_sign_raw", header, `"${inner}"`, JSON.stringify(secret)) as string;
    expect(verified(outer(nested))).toBe('[true, {"alg": "HS256"}, {"in": 1}]');
    expect(verified(outer(`${nested.slice(0, -4)}AAAA`))).toBe(unverified);
  });
});
