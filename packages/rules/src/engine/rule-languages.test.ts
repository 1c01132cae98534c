import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JsonObject } from "@acteon/core";
import { define } from "../builtins/define.ts";
import type { RuleLanguage } from "../front-end.ts";
import { action, environment, known } from "../testing/evaluation.ts";
import { call, eq, rule, verdicts } from "../testing/ir.ts";
import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { watchRules } from "../watch/watch-rules.ts";
import { describeChange } from "./rule-change.ts";
import { RuleEngine } from "./rule-engine.ts";
import type { LoadResult } from "./rule-engine.ts";

/** A language is opened with the first file of it, and not before. */

let folder: string;
/** The documents that each opening was given, by the language. */
let opened: Record<string, JsonObject[]>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "acteon-languages-"));
  opened = { toy: [], game: [] };
});

afterEach(() => rm(folder, { recursive: true }));

function language(name: string): RuleLanguage {
  const extensions = [`.${name}`];
  return {
    language: name,
    extensions,
    open: (data) => {
      opened[name]!.push(data);
      return Promise.resolve({ ...toyFrontEnd, language: name, extensions });
    },
  };
}

function engineOf(...frontEnds: readonly RuleLanguage[]): RuleEngine {
  return new RuleEngine({ frontEnds });
}

function place(name: string): string {
  return path.join(folder, name);
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(place(name), text);
}

function said(result: LoadResult): string {
  if (result.kind === "loaded") return describeChange(result.change);
  return result.diagnostics.map(({ code, span }) => `${path.basename(span.file)} ${code}`).join(", ");
}

function openings(): Record<string, number> {
  return Object.fromEntries(Object.entries(opened).map(([name, data]) => [name, data.length]));
}

test("a folder opens the languages of its files, each once", async () => {
  const engine = engineOf(language("toy"), language("game"));
  expect([...engine.extensions]).toEqual([".toy", ".game"]);
  expect(said(await engine.loadDirectory(folder))).toBe("0 rules (unchanged)");
  expect(openings()).toEqual({ toy: 0, game: 0 });
  await write({ "a.toy": "one", "b.toy": "two", "a.test.game": "a test", "a.txt": "no rule" });
  expect(said(await engine.loadDirectory(folder))).toBe("2 rules (2 added)");
  await write({ "a.toy": "three" });
  expect(said(await engine.loadDirectory(folder))).toBe("2 rules (1 added, 1 removed)");
  expect(openings()).toEqual({ toy: 1, game: 0 });
});

test("a file that is loaded by itself opens its own, and none where nothing reads it", async () => {
  await write({ "a.game": "one", "a.txt": "two" });
  const engine = engineOf(language("toy"), language("game"));
  expect(said(await engine.loadFile(place("a.txt")))).toBe("a.txt ACT-R025");
  expect(openings()).toEqual({ toy: 0, game: 0 });
  expect(said(await engine.loadFile(place("a.game")))).toBe("1 rule (1 added)");
  expect(openings()).toEqual({ toy: 0, game: 1 });
});

test("the first file of a language that a watch finds is in force", async () => {
  await write({ "a.toy": "one" });
  const engine = engineOf(language("toy"), language("game"));
  await engine.loadDirectory(folder);
  const told: string[] = [];
  const stop = new AbortController();
  const watching = watchRules(engine, folder, {
    onLoaded: (change) => told.push(describeChange(change)),
    onRejected: (diagnostics) => told.push(...diagnostics.map(({ code }) => code)),
    signal: stop.signal,
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    stop.abort();
    await watching;
  });
  await write({ "b.game": "two" });
  await vi.waitFor(() => expect(told).toEqual(["2 rules (1 added)"]), { timeout: 30_000, interval: 5 });
  expect(engine.listRules().map(({ name }) => name)).toEqual(["one", "two"]);
});

test("one that cannot be opened is a problem of its files; the rules in force stay, and the next load asks again", async () => {
  await write({ "a.toy": "one" });
  const asked = vi
    .fn(language("game").open)
    .mockRejectedValueOnce(new Error("Cannot find package '@acteon/rules-game'"));
  const engine = engineOf(language("toy"), { ...language("game"), open: asked });
  await engine.loadDirectory(folder);
  await write({ "a.toy": "two", "b.game": "three", "c.game": "four" });
  const result = await engine.loadDirectory(folder);
  expect(said(result)).toBe("b.game ACT-R034, c.game ACT-R034");
  expect(result.diagnostics[0]).toMatchObject({
    summary: "what reads `game` files cannot be loaded",
    notes: ["Cannot find package '@acteon/rules-game'"],
  });
  expect(engine.listRules().map(({ name }) => name)).toEqual(["one"]);
  expect(said(await engine.loadDirectory(folder))).toBe("3 rules (3 added, 1 removed)");
  expect(asked).toHaveBeenCalledTimes(2);
});

test("what reads documents is asked for where there are some; that it cannot be had is a problem of theirs", async () => {
  const openParser = vi.fn().mockRejectedValue(new Error("no parser"));
  await write({ "a.toy": "one", "words.json": "{}" });
  const none = new RuleEngine({ frontEnds: [language("toy")], data: { files: [], openParser } });
  expect(said(await none.loadDirectory(folder))).toBe("1 rule (1 added)");
  expect(openParser).not.toHaveBeenCalled();
  const engine = new RuleEngine({ frontEnds: [language("toy")], data: { files: [place("words.json")], openParser } });
  expect(said(await engine.loadDirectory(folder))).toBe("words.json ACT-R034");
});

test("documents that have changed open a language again, and its files see them", async () => {
  const openParser = () => Promise.resolve((text: string) => ({ kind: "parsed", value: JSON.parse(text) }) as const);
  await write({ "a.toy": "one", "words.json": "1" });
  const data = { files: [place("words.json")], openParser };
  const engine = new RuleEngine({ frontEnds: [language("toy"), language("game")], data });
  await engine.loadDirectory(folder);
  await write({ "words.json": "2" });
  await engine.loadDirectory(folder);
  expect(opened).toEqual({ toy: [{ words: 1 }, { words: 2 }], game: [] });
});

test("the functions that a language brings are known to its rules", async () => {
  const dice = define("game.dice", [0, 0], undefined, () => 4);
  const rolls = rule("rolls", eq(call("game.dice", []), 4), verdicts.suppress());
  const game: RuleLanguage = {
    ...language("game"),
    open: () =>
      Promise.resolve({
        language: "game",
        extensions: [".game"],
        parse: () => ({ kind: "parsed", rules: [rolls], diagnostics: [] }),
        builtins: [dice],
      }),
  };
  await write({ "a.game": "" });
  const engine = engineOf(game);
  expect(said(await engine.loadDirectory(folder))).toBe("1 rule (1 added)");
  expect(known(engine.current().plan(action(), environment())).end.kind).toBe("suppress");
});
