import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleLanguages } from "../src/wiring/rule-languages.ts";
import { printedAlone } from "./own-process.ts";

/** Loads the rules of a folder, adds a file and loads again; tells after each which rule languages were imported. */
const program = `
import { registerHooks } from "node:module";
import { writeFile } from "node:fs/promises";
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const name = /packages\\/rules-([^/]+)/.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
const { languagesOver } = await import(process.env.SERVER);
const { RuleEngine } = await import(process.env.RULES);
const engine = new RuleEngine(languagesOver(JSON.parse(process.env.DATA)));
const states = [[...loaded].toSorted()];
const load = async () => {
  const { kind, diagnostics } = await engine.loadDirectory(process.env.FOLDER);
  if (kind === "rejected") throw new Error(JSON.stringify(diagnostics));
  states.push([...loaded].toSorted());
};
await load();
await writeFile(process.env.FOLDER + "/added.cel", '@rule(name = "added") @on(suppress) action.provider == "mail"');
await load();
console.log(JSON.stringify({ states, rules: engine.current().size }));
`;

async function imported(files: Readonly<Record<string, string>>, data: readonly string[] = []): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "acteon-languages-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await printedAlone(program, {
      SERVER: new URL("../src/wiring/rule-languages.ts", import.meta.url).href,
      RULES: new URL("../../rules/src/index.ts", import.meta.url).href,
      FOLDER: folder,
      DATA: JSON.stringify(data.map((name) => join(folder, name))),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("no rule language is imported before a file of it is there", async () => {
  expect(await imported({})).toEqual({ states: [[], [], ["cel"]], rules: 1 });
});

test("one file of DRL brings DRL, and not the others", async () => {
  const drl = 'rule "mail" when Action( provider == "mail" ) then suppress(); end';
  expect(await imported({ "mail.drl": drl })).toEqual({ states: [[], ["drools"], ["cel", "drools"]], rules: 2 });
});

test("documents bring what reads them, which is YAML", async () => {
  const told = await imported({ "words.json": "[]" }, ["words.json"]);
  expect(told).toMatchObject({ states: [[], expect.arrayContaining(["yaml"]), expect.anything()], rules: 1 });
});

test.each(ruleLanguages)("$language is what its front end says", async ({ language, extensions, open }) => {
  expect(await open({})).toMatchObject({ language, extensions });
});
