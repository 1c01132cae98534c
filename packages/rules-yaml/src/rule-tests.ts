import { parseAction, parseInstant, suggest } from "@acteon/core";
import type { Action, Diagnostic, JsonObject } from "@acteon/core";
import { Findings, unbuiltVerdicts, verdictNames } from "@acteon/rules";
import type { RuleTest } from "@acteon/rules";

import { checkKeys, entryOf, keyOf, missingKey } from "./keys.ts";
import { readYaml } from "./read-yaml.ts";
import { integerOf, jsonOf, listOf, mapOf, textMapOf, textOf, wrongType } from "./values.ts";
import type { YamlEntry, YamlMap, YamlNode } from "./yaml-node.ts";

export type ParsedRuleTests =
  | { readonly kind: "parsed"; readonly tests: readonly RuleTest[] }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/**
 * A file of rule tests (`*.test.yaml`): given an action, a clock and what is in the store, which verdict? The form is that
 * of `wire-api.md` §6.6 with `clock`, `state` and `expect.reason` added. Pure; throws on no input.
 *
 * @example
 * tests:
 *   - name: the same alert twice in five minutes is sent once
 *     action: { namespace: ops, tenant: acme, provider: console, action_type: alert, dedup_key: disk-full }
 *     state: { seen: [disk-full] }
 *     expect: { verdict: deduplicate, matched_rule: deduplicate-alerts }
 */
export function parseRuleTests(text: string, file: string): ParsedRuleTests {
  const findings = new Findings(file, text);
  const tests = testsOf(findings);
  return findings.hasErrors ? { kind: "rejected", diagnostics: findings.sorted() } : { kind: "parsed", tests };
}

function testsOf(findings: Findings): readonly RuleTest[] {
  const root = readYaml(findings);
  if (root === undefined) return [];
  if (root.kind !== "map") {
    wrongType(findings, "the file", root, "a mapping with a list under `tests`");
    return [];
  }
  checkKeys(findings, root, { of: "a file of rule tests", known: ["tests"], unknown: "error" });
  const entry = entryOf(root, "tests");
  if (entry === undefined) missingKey(findings, root, "tests", "a file of rule tests");
  const tests = (entry && listOf(findings, entry)?.items) ?? [];
  return tests.map((test) => testOf(findings, test)).filter((test) => test !== undefined);
}

function testOf(findings: Findings, value: YamlNode): RuleTest | undefined {
  if (value.kind !== "map") return wrongType(findings, "an item of tests", value, "a mapping");
  const known = ["name", "action", "clock", "state", "expect"];
  checkKeys(findings, value, { of: "a rule test", known, unknown: "error" });
  const named = entryOf(value, "name") ?? missingKey(findings, value, "name", "a rule test");
  const name = named && textOf(findings, named);
  const nowMs = clockOf(findings, value);
  const action = actionOf(findings, value, nowMs ?? 0);
  const state = stateOf(findings, value, nowMs ?? 0);
  const expect = expectationOf(findings, value);
  if (named === undefined || name === undefined || action === undefined || expect === undefined) return undefined;
  return { name, span: findings.spanOf(named.value), action, nowMs, state, expect };
}

function clockOf(findings: Findings, test: YamlMap): number | undefined {
  const entry = entryOf(test, "clock");
  return entry && instantOf(findings, entry);
}

function instantOf(findings: Findings, entry: YamlEntry): number | undefined {
  const text = textOf(findings, entry);
  const instant = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && instant === undefined) {
    findings.error({
      code: "ACT-R007",
      at: entry.value,
      summary: `\`${entry.key}\` must be an instant with its offset`,
      help: "for example 2026-03-01T09:30:00Z",
    });
  }
  return instant;
}

/** The action in its wire form. A test need not say what a rule rarely looks at: `id` and `payload` have defaults. */
function actionOf(findings: Findings, test: YamlMap, nowMs: number): Action | undefined {
  const entry = entryOf(test, "action");
  if (entry === undefined) return missingKey(findings, test, "action", "a rule test");
  const map = mapOf(findings, entry);
  if (map === undefined) return undefined;
  const wire: JsonObject = { id: "rule-test", payload: {}, ...(jsonOf(map) as JsonObject) };
  const parsed = parseAction(wire, { nowMs });
  if (parsed.kind === "parsed") return parsed.action;
  for (const { pointer, message } of parsed.problems) {
    findings.error({
      code: "ACT-T001",
      at: placeOf(pointer ?? "", entry),
      summary: `no action: \`${pointer?.slice(1)}\` ${message}`,
    });
  }
  return undefined;
}

/** The value that a JSON pointer names; where there is none, the key of what should have it. */
function placeOf(pointer: string, entry: YamlEntry) {
  let at: YamlEntry = entry;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const next = at.value.kind === "map" ? entryOf(at.value, key) : undefined;
    if (next === undefined) return at === entry ? keyOf(entry) : at.value;
    at = next;
  }
  return at.value;
}

function stateOf(findings: Findings, test: YamlMap, nowMs: number): RuleTest["state"] {
  const entry = entryOf(test, "state");
  const map = entry && mapOf(findings, entry);
  if (map === undefined) return { entries: new Map(), counters: new Map(), seen: new Map() };
  checkKeys(findings, map, {
    of: "the state of a rule test",
    known: ["entries", "counters", "seen"],
    unknown: "error",
  });
  const entries = entryOf(map, "entries");
  const counters = entryOf(map, "counters");
  const seen = entryOf(map, "seen");
  return {
    entries: new Map(Object.entries((entries && textMapOf(findings, entries)) ?? {})),
    counters: counters === undefined ? new Map() : countersOf(findings, counters),
    seen: seen === undefined ? new Map() : seenOf(findings, seen, nowMs),
  };
}

function countersOf(findings: Findings, entry: YamlEntry): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const counter of mapOf(findings, entry)?.entries ?? []) {
    const count = integerOf(findings, counter, { min: 0, max: Number.MAX_SAFE_INTEGER });
    if (count !== undefined) counters.set(counter.key, count);
  }
  return counters;
}

/** Dedup keys that are taken: a list of those taken just now, or a mapping from each to when it was. */
function seenOf(findings: Findings, entry: YamlEntry, nowMs: number): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  const { value } = entry;
  if (value.kind === "map") {
    for (const member of value.entries) {
      const atMs = instantOf(findings, member);
      if (atMs !== undefined) seen.set(member.key, atMs);
    }
    return seen;
  }
  for (const item of listOf(findings, entry)?.items ?? []) {
    if (item.kind === "scalar" && typeof item.value === "string") seen.set(item.value, nowMs);
    else wrongType(findings, "an item of seen", item, "text");
  }
  return seen;
}

function expectationOf(findings: Findings, test: YamlMap): RuleTest["expect"] | undefined {
  const entry = entryOf(test, "expect");
  if (entry === undefined) return missingKey(findings, test, "expect", "a rule test");
  const map = mapOf(findings, entry);
  if (map === undefined) return undefined;
  checkKeys(findings, map, { of: "`expect`", known: ["verdict", "matched_rule", "reason"], unknown: "error" });
  const rule = entryOf(map, "matched_rule");
  const isNone = rule?.value.kind === "scalar" && rule.value.value === null;
  const matchedRule = isNone ? null : rule && textOf(findings, rule);
  const said = entryOf(map, "reason");
  const reason = said && textOf(findings, said);
  const tag = entryOf(map, "verdict") ?? missingKey(findings, map, "verdict", "`expect`");
  const verdict = tag && verdictTagOf(findings, tag);
  return verdict === undefined ? undefined : { span: findings.spanOf(map), verdict, matchedRule, reason };
}

/** The tag of a verdict (`wire-api.md` §5.4), or `error` where a condition of a rule is one. */
function verdictTagOf(findings: Findings, entry: YamlEntry): string | undefined {
  const verdict = textOf(findings, entry);
  const tags = [...verdictNames, ...unbuiltVerdicts, "error"];
  if (verdict === undefined || tags.includes(verdict)) return verdict;
  const near = suggest(verdict, tags);
  findings.error({
    code: "ACT-R008",
    at: entry.value,
    summary: `unknown verdict \`${verdict}\``,
    help: near === undefined ? `a verdict is one of ${tags.join(", ")}` : `did you mean \`${near}\`?`,
  });
  return undefined;
}
