import { mkdir, mkdtemp, open, rename, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Diagnostic } from "@acteon/core";
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
  await write("a.toy", "one\ntwo");
  engine = new RuleEngine({ frontEnds: [toyFrontEnd] });
  await engine.loadDirectory(folder);
  loads = [];
  rejections = [];
  stop = new AbortController();
  watching = watchRules(engine, folder, {
    onLoaded: (change) => loads.push(describeChange(change)),
    onRejected: (diagnostics) => rejections.push(diagnostics),
    signal: stop.signal,
  });
});

afterEach(async () => {
  stop.abort();
  await watching;
  await rm(folder, { recursive: true, force: true });
});

function write(name: string, text: string): Promise<void> {
  return writeFile(path.join(folder, name), text);
}

function names(): readonly string[] {
  return engine.listRules().map(({ name }) => name);
}

const soon = { timeout: 30_000, interval: 5 };

test("an edit is in force, and one line says what changed", async () => {
  await write("a.toy", "one\ntwo 0 mail\nthree");
  await vi.waitFor(() => expect(loads).toEqual(["3 rules (1 changed, 1 added)"]), soon);
  expect(names()).toEqual(["one", "two", "three"]);
});

test("what was there when it began is not told of, and edits are told of once", async () => {
  await write("b.toy", "three");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "three"]), soon);
  await write("b.toy", "four");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "four"]), soon);
  expect(loads).toEqual(["3 rules (1 added)", "3 rules (1 added, 1 removed)"]);
});

test("an editor that writes beside the file and renames", async () => {
  await write("a.toy~", "one");
  await rename(path.join(folder, "a.toy~"), path.join(folder, "a.toy"));
  await vi.waitFor(() => expect(names()).toEqual(["one"]), soon);
  await write("4913", "");
  await rename(path.join(folder, "a.toy"), path.join(folder, "a.toy.bak"));
  await write("a.toy", "six");
  await vi.waitFor(() => expect(names()).toEqual(["six"]), soon);
});

test("files and folders that come and go", async () => {
  await mkdir(path.join(folder, "sub/deep"), { recursive: true });
  await write("sub/deep/b.toy", "deep");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "deep"]), soon);
  await write("sub/deep/b.toy", "deeper");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "deeper"]), soon);
  await rm(path.join(folder, "sub"), { recursive: true });
  await unlink(path.join(folder, "a.toy"));
  await vi.waitFor(() => expect(names()).toEqual([]), soon);
});

test("a mistake is told once, the old rules stay, and mending it is told", async () => {
  await write("a.toy", "one\n!");
  await vi.waitFor(() => expect(rejections).toHaveLength(1), soon);
  expect(rejections[0]).toMatchObject([{ code: "ACT-R001", span: { start: { line: 2 } } }]);
  expect(names()).toEqual(["one", "two"]);
  await write("unrelated.txt", "something else happens");
  await write("a.toy", "one\ntwo");
  await vi.waitFor(() => expect(loads).toEqual(["2 rules (unchanged)"]), soon);
  expect(rejections).toHaveLength(1);
});

test("a file written in bits is not told of as a mistake", async () => {
  const file = await open(path.join(folder, "a.toy"), "w");
  for (const bit of ["!", "half", "one"]) {
    await file.truncate(0);
    await file.write(bit, 0);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await file.close();
  await vi.waitFor(() => expect(names()).toEqual(["one"]), soon);
  expect(rejections).toEqual([]);
});

test("rules do not blink when files go and come back, as in a checkout of another branch", async () => {
  const sizes = new Set<number>();
  const sampling = setInterval(() => sizes.add(engine.current().size), 1);
  await unlink(path.join(folder, "a.toy"));
  await new Promise((resolve) => setTimeout(resolve, 80));
  await write("a.toy", "one\ntwo\nthree");
  await vi.waitFor(() => expect(names()).toEqual(["one", "two", "three"]), soon);
  clearInterval(sampling);
  expect(sizes).toContain(2);
  expect(sizes.isSubsetOf(new Set([2, 3])), `sizes seen: ${[...sizes].join(", ")}`).toBe(true);
});

test("a folder that vanishes is told of, and comes back", async () => {
  await rm(folder, { recursive: true });
  await vi.waitFor(() => expect(rejections).toMatchObject([[{ code: "ACT-R026" }]]), soon);
  expect(names()).toEqual(["one", "two"]);
  await mkdir(folder);
  await write("new.toy", "new");
  await vi.waitFor(() => expect(names()).toEqual(["new"]), soon);
  await write("new.toy", "newer");
  await vi.waitFor(() => expect(names()).toEqual(["newer"]), soon);
});

test("a thousand files at once", async () => {
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => write(`f${i}.toy`, `rule-${i}`)));
  await vi.waitFor(() => expect(engine.current().size).toBe(1_002), soon);
  await write("f500.toy", "rule-500 0 mail");
  await vi.waitFor(() => expect(loads.at(-1)).toBe("1002 rules (1 changed)"), soon);
});

test("it ends when it is told to, and leaves nothing behind", async () => {
  stop.abort();
  await watching;
  await write("a.toy", "later");
  expect(names()).toEqual(["one", "two"]);
});
