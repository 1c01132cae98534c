import { expect, test } from "vitest";
import { ItemQueue } from "./item-queue.ts";
import type { Facts } from "./draft.ts";

const never = new AbortController().signal;
const none: Facts = new Map();
const writes = (...ids: string[]) => ({ reads: new Set<string>(), writes: new Set(ids) });
const reads = (...ids: string[]) => ({ reads: new Set(ids), writes: new Set<string>() });

/** Work that is done when the test says so, and tells when it began. */
function work(log: string[], name: string) {
  const gate = Promise.withResolvers<Facts>();
  return {
    end: (facts: Facts = none) => gate.resolve(facts),
    fail: () => gate.reject(new Error(name)),
    run: (facts: Facts) => {
      log.push(`${name}(${[...facts.keys()].join()})`);
      return gate.promise;
    },
  };
}

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

test("writers of one item go one after another, and are told how it was left", async () => {
  const queue = new ItemQueue();
  const log: string[] = [];
  const [a, b, c] = [work(log, "a"), work(log, "b"), work(log, "c")];
  const all = [
    queue.run(writes("x", "y"), never, a.run),
    queue.run(writes("y", "z"), never, b.run),
    queue.run(writes("w"), never, c.run),
  ];
  await turns();
  expect(log).toEqual(["a()", "c()"]);
  a.end(new Map([["y", { row: undefined }]]));
  await turns();
  expect(log).toEqual(["a()", "c()", "b(y)"]);
  b.end();
  c.end();
  await Promise.all(all);
});

test("readers wait for earlier writers, and nobody for readers", async () => {
  const queue = new ItemQueue();
  const log: string[] = [];
  const [a, b, c, d] = [work(log, "a"), work(log, "b"), work(log, "c"), work(log, "d")];
  const all = [
    queue.run(reads("x"), never, a.run),
    queue.run(writes("x"), never, b.run),
    queue.run(reads("x"), never, c.run),
    queue.run(reads("x"), never, d.run),
  ];
  await turns();
  expect(log).toEqual(["a()", "b()"]);
  b.end();
  await turns();
  expect(log).toEqual(["a()", "b()", "c()", "d()"]);
  for (const each of [a, c, d]) each.end();
  await Promise.all(all);
});

test("after one that failed the next looks for itself", async () => {
  const queue = new ItemQueue();
  const log: string[] = [];
  const [a, b] = [work(log, "a"), work(log, "b")];
  const [first, second] = [queue.run(writes("x"), never, a.run), queue.run(writes("x"), never, b.run)];
  a.fail();
  await expect(first).rejects.toThrow("a");
  await turns();
  expect(log).toEqual(["a()", "b()"]);
  b.end();
  await second;
});

test("who gives up while waiting does nothing, and lets nobody pass", async () => {
  const queue = new ItemQueue();
  const log: string[] = [];
  const [a, b, c] = [work(log, "a"), work(log, "b"), work(log, "c")];
  const leaving = new AbortController();
  const first = queue.run(writes("x"), never, a.run);
  const second = queue.run(writes("x"), leaving.signal, b.run);
  const third = queue.run(writes("x"), never, c.run);
  leaving.abort(new Error("gone"));
  await expect(second).rejects.toThrow("gone");
  await turns();
  expect(log).toEqual(["a()"]);
  a.end();
  await turns();
  expect(log).toEqual(["a()", "c()"]);
  c.end();
  await Promise.all([first, third]);
});
