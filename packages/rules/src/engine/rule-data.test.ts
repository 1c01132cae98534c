import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Diagnostic, JsonObject } from "@acteon/core";
import { errorAt } from "../diagnostics/finding.ts";
import type { RuleFrontEnd, RuleLanguage } from "../front-end.ts";
import { action, environment, known } from "../testing/evaluation.ts";
import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { watchRules } from "../watch/watch-rules.ts";
import type { DocumentParser, ParsedDocument } from "./data-documents.ts";
import { describeChange } from "./rule-change.ts";
import { RuleEngine } from "./rule-engine.ts";
import { startOf } from "./rule-source.ts";

let folder: string;
let engine: RuleEngine;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "acteon-data-"));
  await write({ "rules.toy": "quiet 0 $noisy\nother", "noisy.toy": '"mail"' });
  engine = engineWith("noisy.toy");
});

afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

/** The toy language, in which `$name` is what a document says. */
function toyWith(data: JsonObject): RuleFrontEnd {
  return {
    ...toyFrontEnd,
    parse: (text, file) =>
      toyFrontEnd.parse(
        text.replaceAll(/\$(\w+)/g, (_, name) => data[name] as string),
        file,
      ),
  };
}

const toyWithDocuments: RuleLanguage = {
  language: "toy",
  extensions: [".toy"],
  open: (data) => Promise.resolve(toyWith(data)),
};

const openParser = (): Promise<DocumentParser> => Promise.resolve(parseDocument);

function parseDocument(text: string, file: string): ParsedDocument {
  try {
    return { kind: "parsed", value: JSON.parse(text) };
  } catch {
    return { kind: "rejected", diagnostics: [errorAt("ACT-R001", startOf(file), { summary: "no JSON" })] };
  }
}

function engineWith(...files: readonly string[]): RuleEngine {
  return new RuleEngine({
    frontEnds: [toyWithDocuments],
    data: { files: files.map((file) => path.join(folder, file)), openParser },
  });
}

async function load(): Promise<string> {
  const result = await engine.loadDirectory(folder);
  return result.kind === "loaded" ? describeChange(result.change) : result.diagnostics.map(described).join(", ");
}

function described({ code, span }: Diagnostic): string {
  return `${path.basename(span.file)} ${code}`;
}

function suppresses(provider: string): boolean {
  return known(engine.current().plan(action({ provider }), environment())).end.kind === "suppress";
}

test("rules see the documents, which are no rules themselves", async () => {
  expect(await load()).toBe("2 rules (2 added)");
  expect([suppresses("mail"), suppresses("sms")]).toEqual([true, false]);
});

test("a document that has changed changes the rules that see it, and the hash of the set", async () => {
  await load();
  const { hash } = engine.current();
  await write({ "noisy.toy": '"sms"' });
  expect(await load()).toBe("2 rules (1 changed)");
  expect([suppresses("mail"), suppresses("sms")]).toEqual([false, true]);
  expect(engine.current().hash).not.toBe(hash);
  expect(await load()).toBe("2 rules (unchanged)");
});

test("every problem of the documents is told, and the rules in force stay", async () => {
  await load();
  engine = engineWith("noisy.toy", "gone.json", "other/noisy.json", "broken.json");
  await write({ "broken.json": "{" });
  expect(await load()).toBe("noisy.json ACT-R032, gone.json ACT-R026, noisy.json ACT-R026, broken.json ACT-R001");
  engine = engineWith("noisy.toy");
  await load();
  await write({ "noisy.toy": "" });
  expect(await load()).toBe("noisy.toy ACT-R001");
  expect(suppresses("mail")).toBe(true);
});

test("one file that is loaded brings the others under the documents of now", async () => {
  await load();
  await write({ "noisy.toy": '"sms"', "more.toy": "third" });
  expect(await engine.loadFile(path.join(folder, "more.toy"))).toMatchObject({
    change: { changed: ["quiet"], added: ["third"] },
  });
  expect(suppresses("sms")).toBe(true);
});

test("a watch follows the documents, wherever they are", async () => {
  const elsewhere = await mkdtemp(path.join(tmpdir(), "acteon-data-"));
  const file = path.join(elsewhere, "noisy.json");
  await writeFile(file, '"mail"');
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(elsewhere, { recursive: true }));
  engine = new RuleEngine({ frontEnds: [toyWithDocuments], data: { files: [file], openParser } });
  await rm(path.join(folder, "noisy.toy"));
  await load();
  const told: string[] = [];
  const stop = new AbortController();
  const watching = watchRules(engine, folder, {
    onLoaded: (change) => told.push(describeChange(change)),
    onRejected: (diagnostics) => told.push(...diagnostics.map(described)),
    signal: stop.signal,
  });
  stack.defer(async () => {
    stop.abort();
    await watching;
  });
  const soon = { timeout: 5_000, interval: 5 };
  await writeFile(file, '"sms"');
  await vi.waitFor(() => expect(told).toEqual(["2 rules (1 changed)"]), soon);
  expect(suppresses("sms")).toBe(true);
  await writeFile(file, "?");
  await vi.waitFor(() => expect(told.at(-1)).toBe("noisy.json ACT-R001"), soon);
  expect(suppresses("sms")).toBe(true);
});
