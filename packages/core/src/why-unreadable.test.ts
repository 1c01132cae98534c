import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { whyUnreadable } from "./why-unreadable.ts";

/** What the system answers who reads this. */
async function refusalOf(path: string): Promise<unknown> {
  try {
    return await readFile(path);
  } catch (error) {
    return error;
  }
}

test.each([
  ["/no/such/file", "there is no such file or folder"],
  ["/", "it is a folder"],
  [`${import.meta.filename}/x`, "what stands before the last / is no folder"],
  [`/${"n".repeat(5_000)}`, "the name is too long"],
])("of %s: %s", async (path, why) => {
  expect(whyUnreadable(await refusalOf(path))).toBe(why);
});

test("what has no words keeps the code of the system", () => {
  expect(whyUnreadable(Object.assign(new Error("EIO: i/o error"), { code: "EIO" }))).toBe("EIO");
  expect(whyUnreadable(new Error("else"))).toBe("no reason is known");
});
