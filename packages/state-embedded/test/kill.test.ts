import { fork } from "node:child_process";
import { once } from "node:events";
import { createSeededRandom } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { lockName, one, opened, temporaryDirectory, valueOf } from "./fixtures.ts";

const kills = 8;

test(`of ${kills} processes killed in mid-work every acknowledged group is there, each whole or not at all, and no lock stays`, async () => {
  using directory = temporaryDirectory();
  const { path } = directory;
  const random = createSeededRandom(7);
  const present = new Set<number>();
  for (let kill = 0; kill < kills; kill++) {
    const first = 1_000_000 * kill;
    const acknowledged = await killedAfter(20 + 180 * random.next(), path, first);
    await using store = await opened(path, { generationBytes: 1 << 18 });
    let number = first;
    for (; (await valueOf(store, `a${number}`)) !== undefined; number++) {
      expect((await valueOf(store, `a${number}`))?.split(" ")[0]).toBe(await valueOf(store, `b${number}`));
      present.add(number);
    }
    expect(await valueOf(store, `b${number}`)).toBeUndefined();
    expect(number).toBeGreaterThan(acknowledged);
    expect(await valueOf(store, "count")).toBe(String(present.size));
    const due = await one(store, { op: "takeDue", index: "retry", nowMs: 1e9, limit: 1e6, holdMs: 0 });
    expect(due.kind === "due" && due.entries.length).toBe(present.size);
    const lock = { op: "acquire", lock: lockName(`l${acknowledged}`), owner: "next", leaseMs: 600_000 } as const;
    expect(await one(store, lock)).toMatchObject({ kind: "acquired" });
  }
  expect(present.size).toBeGreaterThan(kills * 16);
});

/** Starts a writer and kills it so long after its first call; returns the last number that it has acknowledged. */
async function killedAfter(delayMs: number, path: string, first: number): Promise<number> {
  const child = fork(new URL("./busy-writer.ts", import.meta.url), [path, String(first)]);
  let acknowledged = -1;
  child.on("message", (number: number) => (acknowledged = number));
  await once(child, "message");
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill("SIGKILL");
  await once(child, "exit");
  return acknowledged;
}
