import { expect, test } from "vitest";

import { nearestName } from "./nearest-name.ts";

test.each([
  ["supress", ["suppress", "allow"], "suppress"],
  ["Provider", ["provider"], "provider"],
  ["wehn", ["when", "then"], "when"],
  ["dedupliate", ["deduplicate"], "deduplicate"],
  ["x", ["y"], undefined],
  ["thn", ["then"], "then"],
  ["allow", ["deny", "modify"], undefined],
  ["payload", [], undefined],
  ["a".repeat(65), ["a".repeat(64)], undefined],
])("%s among %j is %s", (written, names, near) => {
  expect(nearestName(written, names)).toBe(near);
});
