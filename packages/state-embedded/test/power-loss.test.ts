import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSeededRandom } from "@acteon/core/testing";
import type { StateGroup } from "@acteon/state";
import { assert, expect, test } from "vitest";
import { journalPath } from "../src/journal.ts";
import { lockName, one, opened, restartedHost, set, temporaryDirectory, valueKey, valueOf } from "./fixtures.ts";

/*
 * What a power loss may leave of journals that were not flushed: any part of their ends missing, zeros or old bytes in its
 * place. The table, which is written once the journal is durable, is as it was: here it is still empty.
 */

const turns = 25;
const { signal } = new AbortController();

/** The bytes of each generation, from the first on. */
type Journals = readonly Buffer[];

test("cut off at any byte, the journal opens by itself with the turns before that, each whole", async () => {
  const { journals, ends } = await written({ generationBytes: 1 << 24 });
  const [bytes] = journals as [Buffer];
  const random = createSeededRandom(1);
  const [first] = ends as [number];
  const cuts = [first, ...ends.slice(1, 9).flatMap((end) => [end - 1, end, end + 1, end + 9])];
  for (let i = 0; i < 40; i++) cuts.push(first + Math.floor(random.next() * (bytes.length - first)));
  for (const [i, cut] of cuts.entries()) {
    const zeros = Buffer.alloc(i % 2 === 0 ? 0 : 5_000);
    await expectTurns([Buffer.concat([bytes.subarray(0, cut), zeros])], ends.filter((end) => end <= cut).length - 1);
  }
});

test("with bytes of its end that are not what was written, the journal opens with the turns before that", async () => {
  const { journals, ends } = await written({ generationBytes: 1 << 24 });
  const [bytes] = journals as [Buffer];
  const random = createSeededRandom(2);
  for (let i = 0; i < 20; i++) {
    const at = (ends[0] as number) + Math.floor(random.next() * (bytes.length - (ends[0] as number)));
    const torn = Buffer.from(bytes);
    torn.writeUInt8(torn.readUInt8(at) ^ (1 + Math.floor(random.next() * 255)), at);
    await expectTurns([torn], ends.filter((end) => end <= at).length - 1);
  }
});

test("a generation whose successor is lost, in part or whole, goes on where it ended", async () => {
  const { journals, ends } = await written({ generationBytes: 2_000 });
  const [former, latter] = journals as [Buffer, Buffer];
  const turnsOfFormer = ends.filter((end) => end <= former.length).length - 1;
  expect(turnsOfFormer).toBeLessThan(turns);
  for (const left of [0, 5, 40]) await expectTurns([former, latter.subarray(0, left)], turnsOfFormer);
  await expectTurns([former], turnsOfFormer);
  await expectTurns([former, latter], turns);
});

test("what an earlier attempt at a generation has left is not taken for its beginning", async () => {
  const { journals, ends } = await written({ generationBytes: 2_000 });
  const earlier = await written({ generationBytes: 1_000 });
  const turnsOfFormer = ends.filter((end) => end <= (journals[0] as Buffer).length).length - 1;
  await expectTurns([journals[0] as Buffer, earlier.journals[1] as Buffer], turnsOfFormer);
});

test("locks do not outlive the machine's uptime; their tokens do", async () => {
  using directory = temporaryDirectory();
  const acquire = { op: "acquire", lock: lockName("l"), leaseMs: 600_000, fenced: true } as const;
  const first = await (async () => {
    await using store = await opened(directory.path);
    return one(store, { ...acquire, owner: "before" });
  })();
  await using store = await opened(directory.path, { host: restartedHost() });
  const second = await one(store, { ...acquire, owner: "after" });
  assert(first.kind === "acquired" && second.kind === "acquired", `${first.kind}, then ${second.kind}`);
  expect(second.token).toBeGreaterThan(first.token);
  const fence = { lock: lockName("l"), token: first.token };
  expect(await one(store, { op: "delete", key: valueKey("x"), fence })).toMatchObject({ kind: "staleToken" });
});

test("a process that was interrupted while it read the clocks goes by the machine's all the same", async () => {
  using directory = temporaryDirectory();
  const acquire = { op: "acquire", lock: lockName("l"), leaseMs: 600_000, fenced: true } as const;
  await using former = await opened(directory.path);
  await one(former, { ...acquire, owner: "before" });
  const host = restartedHost();
  const interruptionsMs = [50, 0];
  const sinceBootMs = (): number => host.sinceBootMs() - (interruptionsMs.shift() ?? 0);
  await using store = await opened(directory.path, { host: { ...host, sinceBootMs } });
  expect(await one(store, { ...acquire, owner: "after" })).toMatchObject({ kind: "acquired" });
});

/**
 * Writes `turns` turns, and returns the journals as they are before the compactor has come; and where the journal ended
 * before the first turn and after each, counted over all generations.
 */
async function written(options: { readonly generationBytes: number }) {
  using directory = temporaryDirectory();
  const { path } = directory;
  await using store = await opened(path, options);
  const journals = (): Journals =>
    readdirSync(path)
      .filter((name) => name.startsWith("journal-"))
      .toSorted()
      .map((name) => readFileSync(join(path, name)));
  const ends = [Buffer.concat(journals()).length];
  for (let turn = 0; turn < turns; turn++) {
    expect(store.apply([groupOf(turn)], { signal })).toHaveLength(1); // at once
    ends.push(Buffer.concat(journals()).length);
  }
  return { journals: journals(), ends };
}

function groupOf(turn: number): StateGroup {
  return [
    { op: "set", key: valueKey(`turn ${turn}`), value: "written" },
    { op: "increment", key: valueKey("count"), delta: 1 },
    { op: "acquire", lock: lockName(`l${turn}`), owner: "ö", leaseMs: 600_000 },
  ];
}

/** Opens a directory with these journals after a restart of the machine, and finds just so many turns in it. */
async function expectTurns(journals: Journals, expected: number): Promise<void> {
  using directory = temporaryDirectory();
  for (const [i, bytes] of journals.entries()) writeFileSync(journalPath(directory.path, i + 1), bytes);
  await using store = await opened(directory.path, { host: restartedHost() });
  expect(await valueOf(store, "count")).toBe(expected === 0 ? undefined : String(expected));
  if (expected > 0) expect(await valueOf(store, `turn ${expected - 1}`)).toBe("written");
  expect(await valueOf(store, `turn ${expected}`)).toBeUndefined();
  await set(store, "later", "x");
  expect(await valueOf(store, "later")).toBe("x");
}
