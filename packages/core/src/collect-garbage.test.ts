import { expect, test } from "vitest";
import { collectGarbage } from "./collect-garbage.ts";

test("what nobody holds any more is gone, and what somebody holds is not", async () => {
  const held = new WeakRef(globalThis);
  const dropped = ((): WeakRef<object> => new WeakRef({}))();
  await new Promise((resolve) => setTimeout(resolve, 0)); // a new WeakRef holds its target until the end of the turn
  collectGarbage();
  expect(dropped.deref()).toBeUndefined();
  expect(held.deref()).toBe(globalThis);
});
