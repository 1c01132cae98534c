import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, truncate, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "@acteon/core";
import type { Clock, Diagnostic } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { describeChange } from "../engine/rule-change.ts";
import { RuleEngine } from "../engine/rule-engine.ts";
import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { watchRules } from "./watch-rules.ts";

let folder: string;
let engine: RuleEngine;
let loads: string[];
let rejections: (readonly Diagnostic[])[];
let stop: AbortController;
let watching: Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "acteon-watch-"));
  write("a.toy", "one\ntwo");
  engine = new RuleEngine({ frontEnds: [toyFrontEnd] });
  await engine.loadDirectory(folder);
  loads = [];
  rejections = [];
  watch(systemClock);
});

afterEach(async () => {
  stop.abort();
  await watching;
  await rm(folder, { recursive: true, force: true });
});

function watch(clock: Clock): void {
  stop = new AbortController();
  watching = watchRules(engine, folder, {
    onLoaded: (change) => loads.push(describeChange(change)),
    onRejected: (diagnostics) => rejections.push(diagnostics),
    signal: stop.signal,
    clock,
  });
}

/** Begins anew, by a clock that a busy machine does not move. */
async function watchByFakeClock(): Promise<FakeClock> {
  stop.abort();
  await watching;
  const clock = createFakeClock();
  watch(clock);
  return clock;
}

/** The system tells of a change when it pleases, and then so much time passes. */
async function noticedAndPassed(clock: FakeClock, ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  await clock.advanceAsync(ms);
}

/** At once, so that who watches in this process never sees the half of it. */
function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function names(): readonly string[] {
  return engine.listRules().map(({ name }) => name);
}

const soon = { timeout: 30_000, interval: 5 };

test("an edit is in force, and one line says what changed", async () => {
  write("a.toy", "one\ntwo 0 mail\nthree");
  await vi.waitFor(() => expect(loads).toEqual(["3 rules (1 changed, 1 added)"]), soon);
  expect(names()).toEqual(["one", "two", "three"]);
});

test("what was there when it began is not told of, and edits are told of once", async () => {
  write("b.toy", "three");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "three"]), soon);
  write("b.toy", "four");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "four"]), soon);
  expect(loads).toEqual(["3 rules (1 added)", "3 rules (1 added, 1 removed)"]);
});

test("an editor that writes beside the file and renames", async () => {
  write("a.toy~", "one");
  await rename(path.join(folder, "a.toy~"), path.join(folder, "a.toy"));
  await vi.waitFor(() => expect(names()).toEqual(["one"]), soon);
  write("4913", "");
  await rename(path.join(folder, "a.toy"), path.join(folder, "a.toy.bak"));
  write("a.toy", "six");
  await vi.waitFor(() => expect(names()).toEqual(["six"]), soon);
});

test("files and folders that come and go", async () => {
  await mkdir(path.join(folder, "sub/deep"), { recursive: true });
  write("sub/deep/b.toy", "deep");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "deep"]), soon);
  write("sub/deep/b.toy", "deeper");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "deeper"]), soon);
  await rm(path.join(folder, "sub"), { recursive: true });
  await unlink(path.join(folder, "a.toy"));
  await vi.waitFor(() => expect(names()).toEqual([]), soon);
});

test("a file that stays empty has its rules taken out of force", async () => {
  write("a.toy", "");
  await vi.waitFor(() => expect(loads).toEqual(["0 rules (2 removed)"]), soon);
});

test("a mistake is told once, the old rules stay, and mending it is told", async () => {
  write("a.toy", "one\n!");
  await vi.waitFor(() => expect(rejections).toHaveLength(1), soon);
  expect(rejections[0]).toMatchObject([{ code: "ACT-R001", span: { start: { line: 2 } } }]);
  expect(names()).toEqual(["one", "two"]);
  write("unrelated.txt", "something else happens");
  write("a.toy", "one\ntwo");
  await vi.waitFor(() => expect(loads).toEqual(["2 rules (unchanged)"]), soon);
  expect(rejections).toHaveLength(1);
});

test("a file written in bits is not told of as a mistake", async () => {
  const clock = await watchByFakeClock();
  const file = await open(path.join(folder, "a.toy"), "w");
  for (const bit of ["!", "half", "one"]) {
    await file.truncate(0);
    await file.write(bit, 0);
    await noticedAndPassed(clock, 40);
  }
  await file.close();
  await vi.waitFor(async () => {
    await noticedAndPassed(clock, 40);
    expect(names()).toEqual(["one"]);
  }, soon);
  expect(rejections).toEqual([]);
});

test.each([
  ["files go and come back, as in a checkout of another branch", () => unlink(path.join(folder, "a.toy"))],
  ["a file is emptied before it is written, as many programs do", () => truncate(path.join(folder, "a.toy"))],
])("rules do not blink when %s", async (_, disturb) => {
  const clock = await watchByFakeClock();
  const sizes = new Set<number>();
  const sampling = setInterval(() => sizes.add(engine.current().size), 1);
  await disturb();
  await noticedAndPassed(clock, 80);
  write("a.toy", "one\ntwo\nthree");
  await vi.waitFor(async () => {
    await noticedAndPassed(clock, 40);
    expect(names()).toEqual(["one", "two", "three"]);
  }, soon);
  clearInterval(sampling);
  expect(sizes).toContain(2);
  expect(sizes.isSubsetOf(new Set([2, 3])), `sizes seen: ${[...sizes].join(", ")}`).toBe(true);
});

test("a folder that vanishes is told of, and comes back", async () => {
  await rm(folder, { recursive: true });
  await vi.waitFor(() => expect(rejections).toMatchObject([[{ code: "ACT-R026" }]]), soon);
  expect(names()).toEqual(["one", "two"]);
  await mkdir(folder);
  write("new.toy", "new");
  await vi.waitFor(() => expect(names()).toEqual(["new"]), soon);
  write("new.toy", "newer");
  await vi.waitFor(() => expect(names()).toEqual(["newer"]), soon);
});

test("a thousand files at once", async () => {
  for (let i = 0; i < 1_000; i++) write(`f${i}.toy`, `rule-${i}`);
  await vi.waitFor(() => expect(engine.current().size).toBe(1_002), soon);
  write("f500.toy", "rule-500 0 mail");
  await vi.waitFor(() => expect(loads.at(-1)).toBe("1002 rules (1 changed)"), soon);
});

test("it ends when it is told to, and leaves nothing behind", async () => {
  stop.abort();
  await watching;
  write("a.toy", "later");
  expect(names()).toEqual(["one", "two"]);
});
