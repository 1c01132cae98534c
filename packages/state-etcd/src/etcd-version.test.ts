import { expect, test } from "vitest";
import { isBelowFloor } from "./etcd-version.ts";

test("releases are old up to the floor of their series", () => {
  const old = ["2.3.8", "3.3.27", "3.4.23", "3.4.37", "3.5.0", "3.5.22"];
  const trusted = ["3.4.38", "3.4.40", "3.5.23", "3.5.23+git", "3.6.0", "3.10.1", "4.0.0"];
  expect(old.filter((version) => !isBelowFloor(version))).toEqual([]);
  expect(trusted.filter(isBelowFloor)).toEqual([]);
});
