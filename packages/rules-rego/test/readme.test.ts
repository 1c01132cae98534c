import { readFileSync } from "node:fs";
import path from "node:path";
import { verdictNames, verdictParams } from "@acteon/rules";
import { expect, test } from "vitest";
import { specialFunctions } from "../src/lower/special-functions.ts";
import { load } from "./decide.ts";

const readme = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
const snippets = [...readme.matchAll(/```rego\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

test("what the README shows loads, together, and decides", async () => {
  const files = Object.fromEntries(snippets.map((text, i) => [`${i}.rego`, text]));
  const { engine, result } = await load(files, { maintenance_windows: [] });
  expect(result).toMatchObject({ kind: "loaded", diagnostics: [] });
  expect(engine.listRules().map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "quiet-hours: suppress",
    "deduplicate_alert: deduplicate",
    "throttle_invoices: throttle",
    "deny: deny",
    "reroute_by_size: reroute",
    "suppress_maintenance: suppress",
  ]);
});

test("the README names every verdict with what it takes, and every function of ours", () => {
  for (const name of [...verdictNames, ...Object.values(verdictParams).flat()]) expect(readme).toContain(`\`${name}\``);
  const own = [...specialFunctions.keys()].filter((name) => /^(action|env|state)\./.test(name));
  for (const name of own) expect(readme).toContain(`\`${name}(`);
});
