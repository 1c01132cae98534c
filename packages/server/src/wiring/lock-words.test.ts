import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import { expect, test } from "vitest";
import { lockError, lockWords } from "./lock-words.ts";

test.each([
  ["correct the user or the password in state.url", "correct the user or the password in lock.url"],
  ["take `unlogged` out of [state]", "take `unlogged` out of [lock]"],
  ["raise state.pool.max_connections", "raise lock.pool.max_connections"],
  ["table acteon_state is there; it is in a good state.", "table acteon_state is there; it is in a good state."],
])("%s", (text, expected) => {
  expect(lockWords(text)).toBe(expected);
});

test("an error about settings speaks of [lock]; any other is left as it is", () => {
  expect(lockError(new ConfigurationError("state.url is missing"))).toMatchObject({ message: "lock.url is missing" });
  const away = new StateUnavailableError("away");
  expect(lockError(away)).toBe(away);
});
