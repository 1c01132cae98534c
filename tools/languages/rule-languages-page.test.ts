import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sameIr } from "@acteon/rules";
import type { Rule } from "@acteon/rules";
import { semanticProperties } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import { reasons } from "./reasons.ts";
import { data } from "./rules/documents.ts";
import { topics } from "./rules/topics.ts";
import { RuleReader } from "./rule-reader.ts";
import type { SameRule } from "./same-rule.ts";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/reference/rule-languages.md"), "utf8");
const readme = readFileSync(path.join(root, "README.md"), "utf8");

/** How a fence calls each language. */
const fences = { yaml: "yaml", cel: "cel", rego: "rego", drl: "drools", ts: "native" } as const;

function sectionOf(document: string, heading: string): string {
  const [, below = ""] = document.split(`\n${heading}\n`);
  return below.split(/^##+ /m)[0]!;
}

function linesBelow(heading: string, start: string): readonly string[] {
  return sectionOf(page, heading)
    .split("\n")
    .filter((line) => line.startsWith(start));
}

/** The text of each language below a heading. */
function textsBelow(document: string, heading: string): ReadonlyMap<keyof SameRule, string> {
  return new Map(
    [...sectionOf(document, heading).matchAll(/^```(\w+).*\n([\s\S]*?)^```$/gm)].flatMap(([, fence, text]) =>
      fence !== undefined && fence in fences ? [[fences[fence as keyof typeof fences], text!] as const] : [],
    ),
  );
}

const reader = new RuleReader(data);

async function ruleIn(language: keyof SameRule, text: string, name: string): Promise<Rule> {
  if (language !== "native") return reader.parse(language, text);
  const file = path.join(import.meta.dirname, `${name.replaceAll(/\W+/g, "-")}-${process.pid}.ts`);
  try {
    writeFileSync(file, text);
    const [only] = Object.values((await import(file)) as Readonly<Record<string, Rule>>);
    return only!;
  } finally {
    rmSync(file, { force: true });
  }
}

/** Rules whose form is another one in some language, which the last section of the page says. */
const otherForms: ReadonlySet<string> = new Set(["drools: Orders with an item that is too dear"]);

describe("the same rule in five languages", () => {
  const headings = [...page.split("## Where they differ")[0]!.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading!);
  const sections = [
    ...headings.map((heading) => [heading, textsBelow(page, `### ${heading}`)] as const),
    ["of the README", textsBelow(readme, "## The same rule in five languages")] as const,
  ];

  test("stands on the page", () => expect(headings.length).toBeGreaterThan(4));

  test.each(sections)("%s", async (heading, texts) => {
    expect([...texts.keys()]).toEqual(Object.values(fences));
    const expected = await ruleIn("native", texts.get("native")!, heading);
    for (const [language, text] of texts) {
      const rule = await ruleIn(language, text, heading);
      const isOther = otherForms.has(`${language}: ${heading}`);
      expect(sameIr(rule, expected, semanticProperties), language).toBe(!isOther);
      expect(sameIr(rule.verdict, expected.verdict, semanticProperties), language).toBe(true);
    }
  });
});

test("what languages answer differently is the table of the page", () => {
  const columns = ["yaml", "legacy", "cel", "rego", "drools", "native"] as const;
  const rows = differences.map(({ says, answers }) => [says, ...columns.map((column) => answers[column] ?? "–")]);
  const table = [
    ["", "YAML", "`condition`", "CEL", "Rego", "DRL", "TypeScript"],
    ["---", ...columns.map(() => "---")],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
  expect(linesBelow("## Where they differ", "| ")).toEqual(table);
});

test("why the form of a rule is another one is told by the page, and each reason has a rule", () => {
  const list = Object.values(reasons).map((reason) => `- ${reason}`);
  expect(linesBelow("## Where the form differs", "- ")).toEqual(list);
  const all = Object.values(topics).flatMap((rules) => Object.values(rules));
  const used = all.flatMap((rule) => reader.read(rule).flatMap(({ because }) => because ?? []));
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(reasons).toSorted());
});
