import { setTimeout as slept } from "node:timers/promises";
import type { StateStore } from "@acteon/state";
import { standStill } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { lockName, one, opened, temporaryDirectory, valueKey, valueOf } from "./fixtures.ts";
import { StoreProcess } from "./process-client.ts";

const lock = lockName("l");
/** Long enough for a step that comes before its end to do so on a busy machine. */
const leaseMs = 2_000;

test("of what three processes count at the same time nothing is lost, and no token or version is given out twice", async () => {
  using directory = temporaryDirectory();
  await using processes = await startedProcesses(directory.path, 3);
  const calls = 40;
  const versions: unknown[] = [];
  const tokens: unknown[] = [];
  const counting = async (store: StateStore, name: number): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      const results = await store.apply(
        [
          [{ op: "increment", key: valueKey("count"), delta: 1 }],
          [{ op: "set", key: valueKey("last"), value: `${name} ${i}` }],
          [{ op: "acquire", lock: lockName(`${name} ${i}`), owner: "me", leaseMs }],
        ],
        { signal: new AbortController().signal },
      );
      for (const result of results)
        for (const each of result.kind === "done" ? result.results : []) {
          if (each.kind === "stored") versions.push(each.version);
          if (each.kind === "acquired") tokens.push(each.token);
        }
    }
  };
  await Promise.all(processes.stores.map(counting));
  expect(await valueOf(processes.stores[0] as StateStore, "count")).toBe(String(3 * calls));
  expect(new Set(versions).size).toBe(3 * calls);
  expect(new Set(tokens).size).toBe(3 * calls);
});

test("versions and tokens are the same to every process, whatever else was refused in their turn", async () => {
  using directory = temporaryDirectory();
  await using here = await opened(directory.path);
  await using there = await opened(directory.path);
  await one(here, { op: "set", key: valueKey("taken"), value: "x" });
  const refused = { op: "checkAndSet", key: valueKey("taken"), value: "y" } as const;
  const results = await here.apply(
    [
      [
        { op: "set", key: valueKey("a"), value: "1" },
        { op: "acquire", lock: lockName("a"), owner: "me", leaseMs },
        refused,
      ],
      [{ op: "set", key: valueKey("b"), value: "2" }],
      [{ op: "acquire", lock, owner: "me", leaseMs: 60_000, fenced: true }],
    ],
    { signal: new AbortController().signal },
  );
  expect(results).toMatchObject([{ kind: "refused" }, { kind: "done" }, { kind: "done" }]);
  const [stored, acquired] = results.flatMap((result) => (result.kind === "done" ? result.results : []));
  expect(await one(there, { op: "get", key: valueKey("b") })).toMatchObject({
    version: stored?.kind === "stored" && stored.version,
  });
  const token = acquired?.kind === "acquired" ? acquired.token : 0n;
  const write = (fence: bigint) =>
    one(there, { op: "set", key: valueKey("c"), value: "", fence: { lock, token: fence } });
  expect(await write(token - 1n)).toEqual({ kind: "staleToken", token });
  expect(await write(token)).toMatchObject({ kind: "stored" });
});

test("a lock whose process has ended is free at once, one whose process lives is not", async () => {
  using directory = temporaryDirectory();
  await using processes = await startedProcesses(directory.path, 1);
  await using here = await opened(directory.path);
  const take = () => one(here, { op: "acquire", lock, owner: "here", leaseMs: 60_000 });
  await one(processes.stores[0] as StateStore, { op: "acquire", lock, owner: "there", leaseMs: 60_000 });
  expect(await take()).toMatchObject({ kind: "held" });
  await processes.all[0]?.kill();
  await slept(60); // for so long a process that was seen alive is taken to be so
  expect(await take()).toMatchObject({ kind: "acquired" });
});

test("T7: a holder that was stopped past its lease finds its lock lost, and its late write is refused", async () => {
  using directory = temporaryDirectory();
  await using processes = await startedProcesses(directory.path, 1);
  await using here = await opened(directory.path);
  const [there] = processes.stores as [StateStore];
  const key = valueKey("v");
  const first = await one(there, { op: "acquire", lock, owner: "there", leaseMs, fenced: true });
  const token = first.kind === "acquired" ? first.token : 0n;
  const [holder] = processes.all as [StoreProcess];
  await standStill(holder.child);
  expect(await one(here, { op: "acquire", lock, owner: "here", leaseMs })).toMatchObject({ kind: "held" });
  const late = one(there, { op: "set", key, value: "late", fence: { lock, token } });
  const extension = one(there, { op: "extend", lock, owner: "there", leaseMs });
  await slept(leaseMs + 20);
  const second = await one(here, { op: "acquire", lock, owner: "here", leaseMs: 60_000, fenced: true });
  await one(here, {
    op: "set",
    key,
    value: "in time",
    fence: { lock, token: second.kind === "acquired" ? second.token : 0n },
  });
  holder.child.kill("SIGCONT");
  expect(await late).toEqual({ kind: "staleToken", token: second.kind === "acquired" && second.token });
  expect(await extension).toEqual({ kind: "lost" });
  expect(await valueOf(here, "v")).toBe("in time");
});

test("a process that was asleep while others went on by generations knows all of it when it wakes", async () => {
  using directory = temporaryDirectory();
  const generationBytes = 2_000;
  await using processes = await startedProcesses(directory.path, 1, generationBytes);
  await using here = await opened(directory.path, { generationBytes });
  const [there] = processes.stores as [StateStore];
  await one(there, { op: "set", key: valueKey("before"), value: "x" });
  const [sleeper] = processes.all as [StoreProcess];
  await standStill(sleeper.child);
  for (let i = 0; i < 200; i++) await one(here, { op: "increment", key: valueKey("count"), delta: 1 });
  sleeper.child.kill("SIGCONT");
  expect(await valueOf(there, "count")).toBe("200");
  expect(await valueOf(there, "before")).toBe("x");
  await one(there, { op: "increment", key: valueKey("count"), delta: 1 });
  expect(await valueOf(here, "count")).toBe("201");
});

test("a new directory that three processes open at the same time is one to all of them", async () => {
  using elsewhere = temporaryDirectory();
  await using processes = await startedProcesses(elsewhere.path, 3);
  for (let round = 0; round < 15; round++) {
    using directory = temporaryDirectory();
    const settings = { path: directory.path, sync: false, generationBytes: 1 << 24 };
    const stores = await Promise.all(processes.all.map((each) => each.open(settings)));
    await Promise.all(stores.map((store) => one(store, { op: "increment", key: valueKey("count"), delta: 1 })));
    expect(await valueOf(stores[0] as StateStore, "count")).toBe("3");
    for (const store of stores) await store[Symbol.asyncDispose]();
  }
});

async function startedProcesses(path: string, count: number, generationBytes = 1 << 24) {
  const all = Array.from({ length: count }, () => new StoreProcess());
  const stores = await Promise.all(all.map((each) => each.open({ path, sync: false, generationBytes })));
  return {
    all,
    stores,
    async [Symbol.asyncDispose]() {
      for (const each of all) await each[Symbol.asyncDispose]();
    },
  };
}
