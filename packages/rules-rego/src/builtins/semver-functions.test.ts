import { expect, test } from "vitest";
import { call, testCalls } from "./testing.ts";

testCalls([
  ["semver.is_valid", ["1.0.0"], "true"],
  ["semver.is_valid", ["1.0.0-rc.1+build.5"], "true"],
  ["semver.is_valid", ["1"], "false"],
  ["semver.is_valid", ["v1.0.0"], "false"],
  ["semver.is_valid", ["01.0.0"], "false"],
  ["semver.is_valid", ["1.0.0-01"], "false"],
  ["semver.is_valid", ["1.0.0-"], "false"],
  ["semver.is_valid", [1], "false"],
  ["semver.compare", ["1.0.0", "2.0.0"], "-1"],
  ["semver.compare", ["1.10.0", "1.9.9"], "1"],
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
