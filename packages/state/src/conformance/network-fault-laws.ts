import { expect } from "vitest";
import type { StateGroup, StateOperation, StateStore } from "../state-store.ts";
import { asked, called, seen, slept } from "./fault-law.ts";
import type { FaultLaw } from "./fault-law.ts";
import { countKey, listKey, lockName, longMs, valueKey } from "./fixtures.ts";
import { Load, countOf, numbers } from "./load.ts";

/** What a client promises while its connections fail (guarantees L9, §8 row 69; T8). */
export const networkFaultLaws: readonly FaultLaw[] = [
  {
    title: "late answers are right, and belong to their calls",
    async run({ store, network, maxCallMs, callTimeoutMs }) {
      network.set({ latencyMs: Math.min(25, callTimeoutMs / 4) });
      const writes = await Promise.all(numbers(20).map((i) => called(store, [setGroup(`k${i}`, `v${i}`)], maxCallMs)));
      const reads = await Promise.all(
        numbers(20).map((i) => asked(store, { op: "get", key: valueKey(`k${i}`) }, maxCallMs)),
      );
      for (const [i, write] of writes.entries())
        if (write.kind === "answered") expect(reads[i] ?? { value: `v${i}` }).toMatchObject({ value: `v${i}` });
      const answered = writes.filter(({ kind }) => kind === "answered").length;
      expect(answered).toBeGreaterThan(0);
      return `${answered} of 20 answered`;
    },
  },
  {
    title: "L9: an answer later than its call may take is none, and is not taken for that of a later call",
    async run({ recovered, answered, store, direct, network, maxCallMs, callTimeoutMs }) {
      for (const i of numbers(8)) await seen(direct, { op: "set", key: valueKey(`k${i}`), value: `v${i}` });
      network.set({ latencyMs: 1.5 * callTimeoutMs });
      const late = await Promise.all(
        numbers(4).map((i) => asked(store, { op: "get", key: valueKey(`k${i}`) }, maxCallMs)),
      );
      expect(late).toEqual(numbers(4).map(() => undefined));
      network.heal();
      const recoveredMs = await recovered(store);
      for (const i of numbers(8))
        expect(await answered(store, { op: "get", key: valueKey(`k${i}`) })).toMatchObject({ value: `v${i}` });
      return `answered again after ${recoveredMs} ms`;
    },
  },
  {
    title: "L9: a half-open connection is no answer within the time of a call, and never absence",
    async run({ recovered, answered, store, direct, network, maxCallMs }) {
      await seen(direct, { op: "set", key: valueKey("a"), value: "there" });
      expect(await answered(store, { op: "get", key: valueKey("a") })).toMatchObject({ value: "there" });
      network.set({ halfOpen: true });
      const acquire = { op: "acquire", lock: lockName("l"), owner: "me", leaseMs: longMs } as const;
      const operations: readonly StateOperation[] = [
        { op: "get", key: valueKey("a") },
        { op: "members", key: listKey("a") },
        { op: "increment", key: countKey("n"), delta: 1 },
        { op: "checkAndSet", key: valueKey("b"), value: "x" },
        ...(store.capabilities.locks ? [acquire] : []),
      ];
      const answers = await Promise.all(operations.map((operation) => asked(store, operation, maxCallMs)));
      expect(answers).toEqual(operations.map(() => undefined));
      expect(await scanned(store, maxCallMs)).toBe("unavailable");
      network.heal();
      return `answered again after ${await recovered(store)} ms`;
    },
  },
  {
    title: "a connection that is cut under load costs the calls in flight their answer, and no other",
    async run({ recovered, store, direct, network, maxCallMs }) {
      const load = new Load(store, maxCallMs);
      for (const _ of numbers(5)) {
        await load.acknowledged(20);
        network.cut();
        await recovered(store);
      }
      const { answered, unavailable } = await load.end();
      await load.expectKept(direct);
      expect(answered).toBeGreaterThan(0);
      return `${answered} calls answered, ${unavailable} not, over five cuts`;
    },
  },
  {
    title: "a server that takes no connections is no answer in time, and its return is noticed",
    async run({ recovered, store, network, maxCallMs }) {
      network.set({ refusing: true });
      network.cut();
      for (const _ of numbers(3))
        expect(await asked(store, { op: "get", key: valueKey("a") }, maxCallMs)).toBeUndefined();
      network.heal();
      return `answered again after ${await recovered(store)} ms`;
    },
  },
  {
    title: "a connection that is reset after the request leaves the outcome unknown: never a no, and never done twice",
    async run({ recovered, answered, store, direct, network, maxCallMs }) {
      let effects = 0;
      for (const round of numbers(8)) {
        await recovered(store);
        const writes: readonly StateOperation[] = [
          { op: "increment", key: countKey(`n${round}`), delta: 1 },
          { op: "append", key: listKey(`l${round}`), value: "m" },
          { op: "checkAndSet", key: valueKey(`c${round}`), value: "x" },
          { op: "compareAndSwap", key: valueKey(`s${round}`), expected: "absent", value: "x" },
        ];
        const write = writes[round % writes.length] as (typeof writes)[number];
        await answered(store, readOf(write)); // who has looked at a key may send the write of it at once
        network.set({ resetAfterRequest: true });
        expect(await asked(store, write, maxCallMs)).toBeUndefined();
        network.heal();
        await recovered(store);
        effects += await timesDone(direct, write);
      }
      return `${effects} of 8 such requests had taken effect`;
    },
  },
  {
    title:
      "L7: an acquire whose answer was reset away is not refused as held by itself, and its release frees the lock",
    needs: "locks",
    async run({ recovered, store, direct, network, maxCallMs }) {
      for (const round of numbers(2)) {
        const lock = lockName(`l${round}`);
        await recovered(store);
        network.set({ resetAfterRequest: true });
        const acquire = { op: "acquire", lock, owner: "me", leaseMs: longMs } as const;
        expect(await asked(store, acquire, maxCallMs)).toBeUndefined();
        network.heal();
        await recovered(store);
        await asked(store, { op: "release", lock, owner: "me" }, maxCallMs);
        expect(await seen(direct, { ...acquire, owner: "you" })).toMatchObject({ kind: "acquired" });
      }
      return undefined;
    },
  },
  {
    title: "of many more calls than there are connections each is answered, or fails in time",
    async run({ recovered, store, direct, network, maxCallMs }) {
      network.set({ latencyMs: 20 });
      const calls = await Promise.all(
        numbers(300).map((i) =>
          called(store, [[{ op: "increment", key: countKey(`n${i % 7}`), delta: 1 }]], maxCallMs),
        ),
      );
      network.heal();
      const answered = calls.filter(({ kind }) => kind === "answered").length;
      const counts = await Promise.all(numbers(7).map((i) => countOf(direct, `n${i}`)));
      const count = counts.reduce((sum, each) => sum + each, 0);
      expect(count).toBeGreaterThanOrEqual(answered);
      expect(count).toBeLessThanOrEqual(300);
      await recovered(store);
      return `${answered} of 300 answered`;
    },
  },
  {
    title: "disposing while calls hang ends them as unanswered, and does not hang itself",
    async run({ recovered, store, network, dispose, maxCallMs }) {
      await recovered(store);
      network.set({ halfOpen: true });
      const hanging = numbers(5).map((i) => asked(store, { op: "get", key: valueKey(`k${i}`) }, maxCallMs));
      await dispose();
      expect(await Promise.all(hanging)).toEqual(hanging.map(() => undefined));
      return undefined;
    },
  },
  {
    title: "a watch that was cut off tells of later changes, or ends as unanswered",
    needs: "watch",
    async run({ recovered, store, direct, network }) {
      const leaving = new AbortController();
      const told: string[] = [];
      const watching = (async () => {
        const range = { kind: "state", scope: valueKey("w").scope, idPrefix: "w" } as const;
        for await (const { key } of store.watch?.(range, { signal: leaving.signal }) ?? []) told.push(key.text);
      })().then(
        () => "ended",
        () => "failed",
      );
      await slept(100);
      network.cut();
      await recovered(store);
      let ended: string | undefined;
      void watching.then((how) => (ended = how));
      for (let i = 0; i < 100 && told.length === 0 && ended === undefined; i++) {
        await seen(direct, { op: "set", key: valueKey("w"), value: String(i) });
        await slept(100);
      }
      leaving.abort();
      expect(told.length > 0 || ended === "failed").toBe(true);
      return told.length > 0 ? "it went on" : "it ended";
    },
  },
];

function setGroup(name: string, value: string): StateGroup {
  return [{ op: "set", key: valueKey(name), value }];
}

/** 0 or 1: how often a write to a key that only it writes took effect. @throws {Error} More than once. */
async function timesDone(store: Pick<StateStore, "apply">, write: StateOperation): Promise<number> {
  const answer = await seen(store, readOf(write));
  if (answer.kind === "absent") return 0;
  if (answer.kind === "list" && answer.values.length === 0) return 0;
  expect(answer).toMatchObject(
    write.op === "append" ? { values: ["m"] } : { kind: "found", value: write.op === "increment" ? "1" : "x" },
  );
  return 1;
}

function readOf(write: StateOperation): StateOperation {
  if (!("key" in write)) throw new TypeError(`${write.op} writes no key`);
  return { op: write.op === "append" ? "members" : "get", key: write.key };
}

async function scanned(store: StateStore, maxMs: number): Promise<"unavailable" | number> {
  const scan: Pick<StateStore, "apply"> = {
    async apply(_, options) {
      for await (const _entry of store.scan({ kind: "state" }, options)) entries++;
      return [];
    },
  };
  let entries = 0;
  const { kind } = await called(scan, [], maxMs);
  return kind === "unavailable" ? kind : entries;
}
