import { randomBytes } from "node:crypto";
import { createFakeClock } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { RequestError } from "../http/request-error.ts";
import { ApiKeyAuthenticator } from "./api-key-authenticator.ts";
import { createApiKey, digestOf, keyIdOf } from "./api-key.ts";
import { FailureLimiter } from "./failure-limiter.ts";
import { createPrincipal } from "./principal.ts";

const { key, keyHash } = createApiKey(randomBytes);
const principal = createPrincipal({ id: "ci", method: "api_key", role: "operator", grants: [] });
const entry = { digest: Buffer.from(keyHash, "hex"), principal };

let clock: FakeClock;
let authenticator: ApiKeyAuthenticator;

beforeEach(() => {
  clock = createFakeClock();
  authenticator = new ApiKeyAuthenticator(
    new FailureLimiter({ maxPerMinute: 3, maxTracked: 100 }, clock),
    clock,
    () => undefined,
  );
  authenticator.replaceKeys([entry]);
});

/** The caller's name, or the code of the refusal. */
function ask(authorization: string | undefined, apiKey?: string, address = "10.0.0.1"): string {
  try {
    return authenticator.authenticate({ authorization, apiKey }, address).id;
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

/** A key of the same id and another secret. */
function wrong(of = key): string {
  return of.slice(0, -1) + (of.endsWith("0") ? "1" : "0");
}

describe("a new key", () => {
  test("S3: has an id that may be shown, 256 random bits, and a hash for the file", () => {
    expect(key).toMatch(/^acteon_[0-9a-f]{16}_[0-9a-f]{64}$/);
    expect(keyIdOf(key)).toBe(key.slice(7, 23));
    expect(digestOf(key).toString("hex")).toBe(keyHash);
    expect(createApiKey(randomBytes).key).not.toBe(key);
  });
});

describe("credentials", () => {
  test.each([
    ["a bearer token", `Bearer ${key}`, undefined, "ci"],
    ["in any case", `bearer  ${key}`, undefined, "ci"],
    ["the header of its own", undefined, key, "ci"],
    ["a bad bearer is not rescued by a good header", "Bearer no", key, "unauthenticated"],
    ["another scheme", `Basic ${key}`, undefined, "unauthenticated"],
    ["a key of the right id and another secret", `Bearer ${wrong()}`, undefined, "unauthenticated"],
    ["none", undefined, undefined, "unauthenticated"],
    ["an empty one", "", "", "unauthenticated"],
    ["what is in the file instead of the key", `Bearer ${keyHash}`, undefined, "unauthenticated"],
  ])("§24.1: %s", (_what, authorization, apiKey, expected) => {
    expect(ask(authorization, apiKey)).toBe(expected);
  });

  test("row 42: one answer for every reason", () => {
    const answers = [`Bearer ${wrong()}`, "Bearer x", undefined].map((authorization) => {
      try {
        return authenticator.authenticate({ authorization, apiKey: undefined }, "a");
      } catch (error) {
        return [(error as RequestError).publicMessage, (error as RequestError).headers];
      }
    });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual(["missing or invalid credentials", ["www-authenticate", 'Bearer realm="acteon"']]);
  });

  test("a key that left the file is refused at once", () => {
    expect(ask(`Bearer ${key}`)).toBe("ci");
    authenticator.replaceKeys([]);
    expect(ask(`Bearer ${key}`)).toBe("unauthenticated");
  });
});

describe("row 46: a storm of bad keys", () => {
  test("an address is blocked for the rest of its minute, and then heard again", () => {
    for (let i = 0; i < 3; i++) expect(ask(`Bearer guess-${i}`)).toBe("unauthenticated");
    expect(ask("Bearer guess-3")).toBe("rate_limited");
    expect(ask("Bearer guess-3", undefined, "10.0.0.2")).toBe("unauthenticated");
    clock.advance(60_001);
    expect(ask("Bearer guess-4")).toBe("unauthenticated");
  });

  test("a key id is blocked whatever the address", () => {
    for (let i = 0; i < 3; i++) expect(ask(`Bearer ${wrong()}`, undefined, `10.0.1.${i}`)).toBe("unauthenticated");
    expect(ask(`Bearer ${wrong()}`, undefined, "10.0.1.9")).toBe("rate_limited");
  });

  test("who is in already stays in; a key not used for a while waits like the others", () => {
    expect(ask(`Bearer ${key}`)).toBe("ci");
    for (let i = 0; i < 4; i++) ask(`Bearer ${wrong()}`);
    expect(ask(`Bearer ${key}`)).toBe("ci");
    clock.advance(11 * 60_000);
    for (let i = 0; i < 4; i++) ask(`Bearer ${wrong()}`);
    expect(ask(`Bearer ${key}`)).toBe("rate_limited");
  });

  test("a request without credentials is no guess", () => {
    for (let i = 0; i < 10; i++) expect(ask(undefined)).toBe("unauthenticated");
  });

  test("O1: no more is remembered than the bound", () => {
    const limiter = new FailureLimiter({ maxPerMinute: 1, maxTracked: 2 }, clock);
    for (const subject of ["a", "b", "c"]) limiter.record([subject]);
    expect(["a", "b", "c"].map((subject) => limiter.blockedForMs([subject]) > 0)).toEqual([false, true, true]);
  });
});
