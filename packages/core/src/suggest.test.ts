import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const words = ["suppress", "allow", "deny", "throttle", "reroute", "deduplicate", "modify"];

test.each([
  ["supress", "suppress"],
  ["SUPPRESS", "suppress"],
  ["throtlte", "throttle"],
  ["re-route", "reroute"],
  ["dedup", undefined],
  ["alow", "allow"],
  ["dney", "deny"],
  ["modfiy", "modify"],
  ["x", undefined],
  ["", undefined],
  ["escalate", undefined],
])("for %j it suggests %j", (word, expected) => {
  expect(suggest(word, words)).toBe(expected);
});

test("the nearest wins, and of equals the first", () => {
  expect(suggest("port", ["ports", "sort", "port_"])).toBe("ports");
  expect(suggest("timeout_ms", ["timeout_s", "timeouts_ms", "timeout_ms_"])).toBe("timeout_s");
  expect(suggest("nothing", [])).toBeUndefined();
});
