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

test("a word of a hundred characters still has a suggestion, and a longer one is not compared", () => {
  const longest = "x".repeat(100);
  expect(suggest(longest, [`${longest}y`])).toBe(`${longest}y`);
  expect(suggest(`${longest}x`, [`${longest}y`])).toBeUndefined();
});

test("names of any length are no work", () => {
  // Compared, any two of them would take seconds: more than this test has.
  const long = "n".repeat(30_000);
  const candidates = Array.from({ length: 1_000 }, (_, i) => `${long}${i}`);
  expect(suggest(long, candidates) === undefined).toBe(true);
  expect(suggest("port", [...candidates, "ports"])).toBe("ports");
});
