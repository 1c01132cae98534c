import { ConfigurationError } from "@acteon/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressText, parsePostgresUrl } from "./postgres-url.ts";

describe("the URL of a PostgreSQL database", () => {
  test("names host, port, user, password and database, and how to encrypt", () => {
    const address = parsePostgresUrl("postgresql://me:a%2Fb@db.example:6543/state?sslmode=require&sslrootcert=/ca.pem");
    expect(address).toMatchObject({ host: "db.example", port: 6_543, user: "me", database: "state" });
    expect(address).toMatchObject({
      sslMode: "require",
      sslRootCert: "/ca.pem",
      sslCert: undefined,
      sslKey: undefined,
    });
    expect(address.password?.reveal()).toBe("a/b");
  });

  test("has a port and a database by default, as libpq has", () => {
    expect(parsePostgresUrl("postgres://me@[::1]")).toMatchObject({ host: "::1", port: 5_432, database: "me" });
    expect(addressText(parsePostgresUrl("postgres://me@[::1]"))).toBe("[::1]:5432/me");
  });

  test.each([
    [undefined, /is missing/],
    ["localhost:5432", /begins with localhost:/],
    ["postgres://", /no URL|names no host/],
    ["postgres://db/state", /names no user/],
    ["mysql://me@db/state", /begins with mysql:/],
    ["postgres://me:100%@db/state", /no escape|no URL/],
    ["postgres://me@db/state?ssl=true", /unknown parameter ssl/],
  ])("%s is refused with the form", (url, message) => {
    expect(() => parsePostgresUrl(url)).toThrow(message);
    expect(() => parsePostgresUrl(url)).toThrow(/looks like postgres:\/\/user:password@host:5432\/database/);
  });

  test("a refusal never shows the password", () => {
    const secrets = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    const forms = fc.constantFrom(
      "mysql://u:S@db/x",
      "postgres://u:S@/x",
      "postgres://u:S%@db/x",
      "postgres://:S@db",
      "S",
    );
    fc.assert(
      fc.property(secrets, forms, (secret, form) => {
        const error = refusalOf(form.replace("S", secret));
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(String(error)).not.toContain(secret);
      }),
    );
  });
});

function refusalOf(url: string): unknown {
  try {
    parsePostgresUrl(url);
  } catch (error) {
    return error;
  }
  return undefined;
}
