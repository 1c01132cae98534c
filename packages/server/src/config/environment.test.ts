import { expect, test } from "vitest";
import { expand, overrideVariable, overrideVariables } from "./environment.ts";

const environment = { NAME: "value", EMPTY: "", NESTED: "${NAME}" };

test.each([
  ["plain", "plain"],
  ["${NAME}", "value"],
  ["a-${NAME}-${NAME}", "a-value-value"],
  ["${ABSENT:-default}", "default"],
  ["${EMPTY:-default}", "default"],
  ["${EMPTY}", ""],
  ["${ABSENT:-}", ""],
  ["${NESTED}", "${NAME}"],
  ["$NAME", "$NAME"],
])("%s becomes %s", (text, expected) => {
  expect(expand(text, environment)).toEqual({ kind: "expanded", text: expected });
});

test("a missing variable is named, not its neighbours", () => {
  expect(expand("${NAME} ${ABSENT} ${OTHER}", environment)).toEqual({
    kind: "missing",
    variables: ["ABSENT", "OTHER"],
  });
});

test.each(["${", "${NAME", "${1NAME}", "${a b}", "${}"])("%s names no variable", (text) => {
  expect(expand(text, environment)).toEqual({ kind: "malformed" });
});

test("a key is overridden by its path in capitals, with two underscores between levels", () => {
  expect(overrideVariable(["state", "pool", "max_connections"])).toBe("ACTEON_STATE__POOL__MAX_CONNECTIONS");
  expect(overrideVariable(["providers", "ops-hook", "url"])).toBe("ACTEON_PROVIDERS__OPS_HOOK__URL");
});

test("variables without a level are no overrides", () => {
  const names = { ACTEON_AUTH_KEY: "x", ACTEON_TEST_REDIS_URL: "x", ACTEON_SERVER__PORT: "1", OTHER__NAME: "x" };
  expect(overrideVariables(names)).toEqual(["ACTEON_SERVER__PORT"]);
});
