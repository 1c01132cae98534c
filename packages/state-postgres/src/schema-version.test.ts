import { expect, test } from "vitest";
import { checkSchemaVersion, quotedSchema } from "./schema-version.ts";

test.each(["acteon", "Acteon 2", "état-1.b", "x".repeat(63)])("%s is the name of a schema", (prefix) => {
  expect(quotedSchema(prefix)).toBe(`"${prefix}"`);
});

test.each(["", "x".repeat(64), "é".repeat(32), "pg_mine", 'a"b', "a'b", "a%s", "a$$b", "a\\b", "a\u0000b", "a;b"])(
  "%j is none, and is not quoted into one",
  (prefix) => {
    expect(() => quotedSchema(prefix)).toThrow(/state\.prefix is the name of a schema/);
  },
);

test("a schema that is missing, older or newer is refused, each with what to do", () => {
  expect(() => checkSchemaVersion('"acteon"', undefined, "db:5432/x")).toThrow(
    /no schema "acteon": run `acteon migrate`/,
  );
  expect(() => checkSchemaVersion('"acteon"', 0, "db:5432/x")).toThrow(/has version 0 of 1: run `acteon migrate`/);
  expect(() => checkSchemaVersion('"acteon"', 2, "db:5432/x")).toThrow(/has format 2; .* knows formats up to 1/);
  expect(() => checkSchemaVersion('"acteon"', 1, "db:5432/x")).not.toThrow();
});
