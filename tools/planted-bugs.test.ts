import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { plantedBugs } from "./planted-bug-list.ts";

/** That each is noticed `tools/planted-bugs.ts` shows, which takes its time; this, that it still can be planted. */

const root = resolve(import.meta.dirname, "..");

test.each(plantedBugs.map((bug) => [bug.name, bug] as const))("%s can still be planted", (_, bug) => {
  expect(readFileSync(resolve(root, bug.file), "utf8")).toContain(bug.find);
  for (const path of bug.tests) {
    expect(existsSync(resolve(root, path)), path).toBe(true);
    // Without an end a path is the beginning of others: of `packages/state-redis`, which needs a server.
    expect(path).toMatch(/\/$|\.test\.ts$/);
  }
});
