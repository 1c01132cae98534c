import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RuleEngine } from "@acteon/rules";
import type { NativeRule, Rule } from "@acteon/rules";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";
import { RuleBuilder, VerdictBuilder } from "../src/rule-builder.ts";
import { Condition, Value } from "../src/value.ts";

const readme = readFileSync(path.join(import.meta.dirname, "../README.md"), "utf8");

test("the rules of the README load", async () => {
  const texts = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
  const rules = await Promise.all(texts.map((text, i) => importText(text, `readme-${process.pid}-${i}.ts`)));
  expect(rules.flat().map(({ name }) => name)).toEqual(["quiet-nights", "smart-reroute"]);
  expect(await new RuleEngine().loadNative(rules.flat())).toMatchObject({ kind: "loaded", diagnostics: [] });
});

async function importText(text: string, name: string): Promise<readonly (Rule | NativeRule)[]> {
  const file = path.join(import.meta.dirname, name);
  try {
    writeFileSync(file, text);
    return Object.values((await import(file)) as Readonly<Record<string, Rule | NativeRule>>);
  } finally {
    rmSync(file, { force: true });
  }
}

test("the README names everything that there is to call", () => {
  const methods = [Value, Condition, RuleBuilder, VerdictBuilder].flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor"),
  );
  const unnamed = [...Object.keys(api), ...methods].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  expect(unnamed).toEqual([]);
});
