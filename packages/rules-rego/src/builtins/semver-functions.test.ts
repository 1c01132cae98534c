import { expect, test } from "vitest";
import { call, testCalls } from "./testing.ts";

testCalls([
  ["semver.is_valid", ["1.0.0"], "true"],
  ["semver.is_valid", ["1.0.0-rc.1+build.5"], "true"],
  ["semver.is_valid", ["1"], "false"],
  ["semver.is_valid", ["1.0.0.0"], "false"],
  ["semver.is_valid", ["1.0.0-a..b"], "false"],
  ["semver.is_valid", ["1.0.0-a_b"], "false"],
  ["semver.is_valid", ["9223372036854775807.0.0"], "true"],
  ["semver.is_valid", ["9223372036854775808.0.0"], "false"],
  // No semantic versions, but OPA takes them for such.
  ["semver.is_valid", ["v1.0.0"], "true"],
  ["semver.is_valid", ["vv1.0.0"], "false"],
  ["semver.is_valid", ["01.0.0"], "true"],
  ["semver.is_valid", ["1.0.0-01"], "true"],
  ["semver.is_valid", ["1.0.0-"], "true"],
  ["semver.is_valid", ["1.0.0-+"], "true"],
  ["semver.is_valid", [1], "false"],
  ["semver.compare", ["1.0.0", "2.0.0"], "-1"],
  ["semver.compare", ["1.10.0", "1.9.9"], "1"],
  ["semver.compare", ["v1.0.0", "1.0.0-"], "0"],
  ["semver.compare", ["1.0.0-2", "1.0.0-010"], "-1"],
  ["semver.compare", ["1.0.0+a", "1.0.0+b"], "0"],
  ["semver.compare", ["1.0.0", "1"], "fault"],
  ["semver.compare", ["1.0.0", 1], "mismatch"],
]);

test("versions before a release come in the order of the specification", () => {
  const inOrder = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
  ];
  const shuffled = inOrder.toReversed().toSorted((a, b) => call("semver.compare", a, b) as number);
  expect(shuffled).toEqual(inOrder);
});
