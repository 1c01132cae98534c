import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Diagnostic } from "@acteon/core";
import { NotFoundError } from "@acteon/core";
import { runRuleTest } from "@acteon/rules";
import type { RuleTest, RuleTestResult } from "@acteon/rules";
import { parseRuleTests } from "@acteon/rules-yaml";
import type { Run } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { findRules, openRules } from "../offline/offline-rules.ts";
import type { RulePlace } from "../offline/offline-rules.ts";
import type { Paint } from "../paint.ts";

export const run: Run = async (context) => {
  const { args, output } = context;
  const place = await findRules(args[0], context);
  const rules = (await openRules(place, context)).current();
  const tests = await readTests(place);
  if (tests.length === 0) throw new NotFoundError(`${place.path}: no rule tests (*.test.yaml) here`);
  const list = output.list<RuleTestResult>(resultToJson, (result) => resultText(result, output.paint));
  let failed = 0;
  for (const test of tests) {
    const result = await runRuleTest(rules, test);
    if (result.mismatches.length > 0) failed += 1;
    list.add(result);
  }
  list.end();
  output.note(`${tests.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 3 : 0;
};

/** The tests beside the rules; of a single file those in its folder. @throws {CommandError} All that is wrong with them. */
async function readTests({ path: place, kind }: RulePlace): Promise<readonly RuleTest[]> {
  const folder = kind === "folder" ? place : path.dirname(place);
  const entries = await readdir(folder, { withFileTypes: true, recursive: kind === "folder" });
  const files = entries
    .filter((entry) => entry.isFile() && /^[^.].*\.test\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  const tests: RuleTest[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const parsed = parseRuleTests(await readFile(file, "utf8"), file);
    if (parsed.kind === "parsed") tests.push(...parsed.tests);
    else diagnostics.push(...parsed.diagnostics);
  }
  if (diagnostics.length === 0) return tests;
  throw new CommandError("bad_request", "rule tests cannot be read", { diagnostics });
}

function resultToJson({ test, actual, mismatches }: RuleTestResult): object {
  return {
    name: test.name,
    file: test.span.file,
    line: test.span.start.line,
    passed: mismatches.length === 0,
    verdict: actual.verdict,
    matched_rule: actual.rule?.name ?? null,
    reason: actual.reason ?? null,
    mismatches,
  };
}

function resultText({ test, actual, mismatches }: RuleTestResult, paint: Paint): string {
  if (mismatches.length === 0) return `${paint("good", "pass")}  ${test.name}`;
  const { rule } = actual;
  return [
    `${paint("bad", "FAIL")}  ${test.name}  ${paint("dim", `${test.span.file}:${test.span.start.line}`)}`,
    ...mismatches.map(
      ({ what, expected, actual: found }) => `      ${what}: expected ${expected ?? "none"}, is ${found ?? "none"}`,
    ),
    ...(rule === undefined ? [] : [`      decided by ${rule.name}  ${rule.file}:${rule.line}`]),
  ].join("\n");
}
