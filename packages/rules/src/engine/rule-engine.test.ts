import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { action, engineWith, environment, known } from "../testing/evaluation.ts";
import { errorAt } from "../diagnostics/finding.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import { always, entry, eq, rule, verdicts } from "../testing/ir.ts";
import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { fixedStatePort } from "./fixed-state.ts";
import { describeChange } from "./rule-change.ts";
import { RuleEngine } from "./rule-engine.ts";
import type { LoadResult } from "./rule-engine.ts";
import { RuleLoadError } from "./rule-load-error.ts";

let folder: string;
let engine: RuleEngine;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "acteon-rules-"));
  engine = new RuleEngine({ frontEnds: [toyFrontEnd] });
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

function summaryOf(result: LoadResult): string {
  return result.kind === "loaded"
    ? describeChange(result.change)
    : result.diagnostics.map(({ code, span }) => `${path.basename(span.file)}:${span.start.line} ${code}`).join(", ");
}

function names(): readonly string[] {
  return engine.listRules().map(({ name }) => name);
}

/** Rules of the toy language, each of which needs the rule of the next letter in some file: `b` after `a`. `z` needs none. */
const chained: RuleFrontEnd = {
  ...toyFrontEnd,
  parseTogether(files) {
    const parsed = files.map(({ text, file }) => toyFrontEnd.parse(text, file));
    const all = new Set(parsed.flatMap((each) => (each.kind === "parsed" ? each.rules.map(({ name }) => name) : [])));
    return parsed.map((each) => {
      if (each.kind === "rejected") return each;
      const lacking = each.rules.filter(({ name }) => name !== "z" && !all.has(nextLetter(name)));
      const diagnostics = lacking.map(({ span }) => errorAt("ACT-R024", span, { summary: "there is no next one" }));
      return diagnostics.length > 0 ? { kind: "rejected", diagnostics } : each;
    });
  },
};

function nextLetter(name: string): string {
  return String.fromCharCode(name.charCodeAt(0) + 1);
}

describe("files that refer to each other", () => {
  beforeEach(() => {
    engine = new RuleEngine({ frontEnds: [chained] });
  });

  test("are read together, and again when one of them has changed or gone", async () => {
    await write({ "one.toy": "x\nz", "two.toy": "y" });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("3 rules (3 added)");
    await write({ "two.toy": "w" });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("one.toy:1 ACT-R024");
    expect(names()).toEqual(["x", "z", "y"]);
    await write({ "two.toy": "y" });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("3 rules (unchanged)");
    await rm(path.join(folder, "two.toy"));
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("one.toy:1 ACT-R024");
  });

  test("a file that is loaded by itself finds those in force", async () => {
    await write({ "one.toy": "y\nz", "more/two.toy": "x" });
    await engine.loadFile(path.join(folder, "one.toy"));
    expect(summaryOf(await engine.loadFile(path.join(folder, "more/two.toy")))).toBe("3 rules (1 added)");
  });
});

describe("loading a folder", () => {
  test("reads it with its subfolders, in the order of the paths, and nothing hidden and no tests", async () => {
    await write({
      "b.toy": "three",
      "a/z.toy": "one\ntwo",
      "c.toy": "zero -1",
      ".hidden.toy": "hidden",
      ".git/x.toy": "hidden too",
      "a/rules.test.toy": "a test",
      "notes.txt": "not a rule",
    });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("4 rules (4 added)");
    expect(names()).toEqual(["zero", "one", "two", "three"]);
    expect(engine.listRules()[3]).toMatchObject({ file: path.join(folder, "b.toy"), line: 1, language: "toy" });
  });

  test("follows links to files and folders, and links in a circle end", async () => {
    await write({ "real/r.toy": "one" });
    await symlink(path.join(folder, "real/r.toy"), path.join(folder, "linked.toy"));
    await symlink(folder, path.join(folder, "real/circle"));
    await symlink(path.join(folder, "nowhere"), path.join(folder, "broken.toy"));
    const result = await engine.loadDirectory(folder);
    // The circle is followed some levels deep, and all of them name the same rule.
    expect(result.kind).toBe("rejected");
    expect(new Set(result.diagnostics.map(({ code }) => code))).toEqual(new Set(["ACT-R011"]));
  });

  test("reports every problem of every file, and leaves the rules in force (C18)", async () => {
    await write({ "a.toy": "one" });
    await engine.loadDirectory(folder);
    const before = engine.current();
    await write({ "a.toy": "one\n!\n!", "b.toy": "!", "c.toy": new Uint8Array([0xff, 0xfe]), "d.toy": "fine" });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe(
      "a.toy:2 ACT-R001, a.toy:3 ACT-R001, b.toy:1 ACT-R001, c.toy:1 ACT-R026",
    );
    expect(engine.current()).toBe(before);
  });

  test("says what it changed: by content, not by place", async () => {
    await write({ "a.toy": "one\ntwo", "b.toy": "three" });
    await engine.loadDirectory(folder);
    await write({ "a.toy": "\n\none\ntwo 0 mail\nfour" });
    await rm(path.join(folder, "b.toy"));
    const result = await engine.loadDirectory(folder);
    expect(result).toMatchObject({ change: { changed: ["two"], added: ["four"], removed: ["three"] } });
    expect(summaryOf(result)).toBe("3 rules (1 changed, 1 added, 1 removed)");
  });

  test("a dispatch keeps the set that it began with", async () => {
    await write({ "a.toy": "one" });
    await engine.loadDirectory(folder);
    const before = engine.current();
    await write({ "a.toy": "one 0 mail" });
    await engine.loadDirectory(folder);
    expect(known(before.plan(action(), environment())).end.kind).toBe("suppress");
    expect(known(engine.current().plan(action(), environment())).end.kind).toBe("execute");
    expect(before.hash).not.toBe(engine.current().hash);
  });

  test("two rules of one name are refused, with both places (row 62)", async () => {
    await write({ "a.toy": "one", "b.toy": "two\none" });
    const result = await engine.loadDirectory(folder);
    expect(summaryOf(result)).toBe("b.toy:2 ACT-R011");
    expect(result.diagnostics[0]?.labels?.[0]?.span.file).toBe(path.join(folder, "a.toy"));
  });

  test("a folder is the same by whatever name it is called", async () => {
    await write({ "a.toy": "one" });
    await engine.loadDirectory(folder);
    const relative = path.relative(process.cwd(), folder);
    expect(summaryOf(await engine.loadDirectory(relative))).toBe("1 rule (unchanged)");
    expect(engine.listRules()[0]?.file).toBe(path.join(relative, "a.toy"));
  });

  test("a folder that is not there is an answer", async () => {
    expect(await engine.loadDirectory(path.join(folder, "none"))).toMatchObject({
      kind: "rejected",
      diagnostics: [{ code: "ACT-R026" }],
    });
  });

  test("a file over the size limit is refused", async () => {
    await write({ "big.toy": "x\n".repeat(600_000) });
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("big.toy:1 ACT-R002");
  });

  test("loads run one after another", async () => {
    await write({ "a.toy": "one" });
    const both = await Promise.all([engine.loadDirectory(folder), engine.loadDirectory(folder)]);
    expect(both.map(summaryOf)).toEqual(["1 rule (1 added)", "1 rule (unchanged)"]);
  });

  test("an aborted load changes nothing", async () => {
    await write({ "a.toy": "one" });
    await expect(engine.loadDirectory(folder, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    expect(names()).toEqual([]);
    expect(summaryOf(await engine.loadDirectory(folder))).toBe("1 rule (1 added)");
  });

  test("fromDirectory throws every problem at once", async () => {
    await write({ "a.toy": "!\n!" });
    const error = await RuleEngine.fromDirectory(folder, { frontEnds: [toyFrontEnd] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(RuleLoadError);
    expect(error).toMatchObject({ code: "rules_rejected", diagnostics: [{}, {}] });
  });
});

describe("loading single files and rules made in code", () => {
  test("a file is added, and replaced when it is loaded again", async () => {
    await write({ "a.toy": "one", "b.toy": "two" });
    await engine.loadFile(path.join(folder, "a.toy"));
    await engine.loadFile(path.join(folder, "b.toy"));
    await write({ "a.toy": "other" });
    await engine.loadFile(path.join(folder, "a.toy"));
    expect(names()).toEqual(["other", "two"]);
  });

  test("a file without a language, and one that is not there, are answers", async () => {
    expect(await engine.loadFile("rules.xyz")).toMatchObject({ kind: "rejected", diagnostics: [{ code: "ACT-R025" }] });
    expect(await engine.loadFile(path.join(folder, "none.toy"))).toMatchObject({
      kind: "rejected",
      diagnostics: [{ code: "ACT-R026" }],
    });
  });

  test("rules made in code run after those of files, and stay when a folder is loaded again", async () => {
    await engine.loadNative([rule("native", always, verdicts.allow)]);
    await write({ "a.toy": "one" });
    await engine.loadDirectory(folder);
    await engine.loadDirectory(folder);
    expect(names()).toEqual(["one", "native"]);
    expect(await engine.loadNative([rule("one", always, verdicts.allow)])).toMatchObject({ kind: "rejected" });
  });
});

describe("switching rules on and off", () => {
  test("affects the first of the name, swaps the set at once, and is lost on the next load", async () => {
    await write({ "a.toy": "one\ntwo" });
    await engine.loadDirectory(folder);
    const before = engine.current();
    expect(engine.disableRule("one")).toBe(true);
    expect(engine.disableRule("none")).toBe(false);
    expect(engine.listRules().map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(known(engine.current().plan(action(), environment())).end).toMatchObject({ rule: { name: "two" } });
    expect(known(before.plan(action(), environment())).end).toMatchObject({ rule: { name: "one" } });
    expect(engine.current().hash).not.toBe(before.hash);
    expect(engine.enableRule("one")).toBe(true);
    expect(engine.listRules()[0]?.enabled).toBe(true);
    engine.disableRule("one");
    expect(await engine.refreshDirectory(folder, { removals: false })).toEqual({ kind: "unchanged" });
    expect(engine.listRules()[0]?.enabled).toBe(false);
    await engine.loadDirectory(folder);
    expect(engine.listRules()[0]?.enabled).toBe(true);
  });
});

test("evaluate drives a plan against a state port", async () => {
  const asking = await engineWith(rule("quiet", eq(entry("mode"), "quiet"), verdicts.suppress("shh")));
  const state = (mode: string) =>
    fixedStatePort({ entries: new Map([["mode", mode]]), counters: new Map(), seen: new Map() }, 0);
  expect((await asking.evaluate(action(), state("quiet"), environment())).end).toMatchObject({ reason: "shh" });
  expect((await asking.evaluate(action(), state("loud"), environment())).end).toMatchObject({ verdict: "allow" });
});

test("an engine does not start with a time zone that does not exist", () => {
  expect(() => new RuleEngine({ defaultTimezone: "Mars/Olympus" })).toThrow(RangeError);
});
