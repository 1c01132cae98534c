import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as slept } from "node:timers/promises";
import { createSeededRandom } from "@acteon/core/testing";
import type { Random } from "@acteon/core";
import { standStill } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { lockName, one, opened, temporaryDirectory, valueKey, valueOf } from "./fixtures.ts";

const lanes = 3;
const killsPerLane = 3;

test(
  `of ${lanes} processes that are stopped and killed in mid-work, ${killsPerLane} times each, every acknowledged group is there, ` +
    "each whole or not at all, and no lock stays",
  async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    /** The last number that each process has acknowledged, by its first. */
    const acknowledged = new Map<number, number>();
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const random = createSeededRandom(lane);
        for (let kill = 0; kill < killsPerLane; kill++) {
          const first = 1_000_000 * (lanes * kill + lane);
          acknowledged.set(first, await lastOfKilled(path, first, random));
        }
      }),
    );
    await using store = await opened(path);
    const present: string[] = [];
    for (const [first, last] of acknowledged) {
      let number = first;
      for (; (await valueOf(store, `a${number}`)) !== undefined; number++) {
        expect((await valueOf(store, `a${number}`))?.split(" ")[0]).toBe(await valueOf(store, `b${number}`));
        present.push(String(number));
      }
      expect(await valueOf(store, `b${number}`)).toBeUndefined();
      expect(number).toBeGreaterThan(last);
      const acquire = { op: "acquire", lock: lockName(`l${last}`), owner: "next", leaseMs: 600_000 } as const;
      expect(await one(store, acquire)).toMatchObject({ kind: "acquired" });
    }
    expect(await valueOf(store, "count")).toBe(String(present.length));
    const list = await one(store, { op: "members", key: valueKey("list") });
    expect(list.kind === "list" && list.values.toSorted()).toEqual(present.toSorted());
    const due = await one(store, { op: "takeDue", index: "retry", nowMs: 1e9, limit: 1e6, holdMs: 0 });
    expect(due.kind === "due" && due.entries.length).toBe(present.length);
  },
);

/** Starts a writer, stops it for a while and kills it; returns the last number that it has acknowledged. */
async function lastOfKilled(path: string, first: number, random: Random): Promise<number> {
  const child = fork(new URL("./busy-writer.ts", import.meta.url), [path, String(first)]);
  let acknowledged = -1;
  child.on("message", (number: number) => (acknowledged = number));
  const ended = once(child, "exit").then(() => "ended");
  const began = once(child, "message").then(() => "began");
  expect(await Promise.race([began, ended])).toBe("began");
  await slept(200 * random.next());
  await standStill(child);
  await slept(100 * random.next());
  child.kill("SIGCONT");
  await slept(200 * random.next());
  child.kill("SIGKILL");
  await ended;
  return acknowledged;
}
