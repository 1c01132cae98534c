import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const secret = new Secret("hunter2");

test.each([
  ["a string", `${secret}`],
  ["concatenation", "key " + String(secret)],
  ["JSON", JSON.stringify({ secret })],
  ["inspect", inspect({ secret }, { showHidden: true, depth: Number.POSITIVE_INFINITY })],
  ["an error", new Error(`bad key ${secret}`).message],
  ["its members", JSON.stringify(Object.entries(secret))],
])("a secret does not show in %s (guarantees S6)", (_where, text) => {
  expect(text).not.toContain("hunter2");
});

test("whoever needs it asks by name", () => {
  expect(secret.reveal()).toBe("hunter2");
});
