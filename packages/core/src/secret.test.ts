import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const secret = new Secret("hunter2");

test.each([
  ["a string", String(secret)],
  ["a joined list", ["key", secret].join(" ")],
  ["JSON", JSON.stringify({ secret })],
  ["inspect", inspect({ secret }, { showHidden: true, depth: Number.POSITIVE_INFINITY })],
  ["the cause of an error", inspect(new Error("bad key", { cause: secret }))],
  ["its members", JSON.stringify(Object.entries(secret))],
])("a secret does not show in %s (guarantees S6)", (_where, text) => {
  expect(text).not.toContain("hunter2");
});

test("whoever needs it asks by name", () => {
  expect(secret.reveal()).toBe("hunter2");
});
