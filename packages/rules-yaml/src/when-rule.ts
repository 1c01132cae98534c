import { suggest } from "@acteon/core";
import { literal, node, unbuiltVerdicts, verdictNames } from "@acteon/rules";
import type { Findings, Rule } from "@acteon/rules";

import { checkKeys, entryOf, missingKey } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { ruleHead } from "./rule-head.ts";
import { textOf } from "./values.ts";
import { whenCondition } from "./when-condition.ts";
import { whenVerdict } from "./when-verdict.ts";
import type { YamlMap } from "./yaml-node.ts";
import type { YamlSource } from "./yaml-source.ts";

const fields = ["name", "description", "priority", "enabled", "metadata", "timezone", "on_error", "when", "then"];

const verdictHints: ReadonlyMap<string, Hint> = new Map(
  [...verdictNames, ...unbuiltVerdicts].map((name) => [
    name,
    { help: `a verdict named \`${name}\` exists`, fix: { of: "entry", text: `then: ${name}` } },
  ]),
);

/** A rule of the `when` / `then` dialect, which the design document shows. Unknown keys are errors. */
export function whenRule(findings: YamlSource, map: YamlMap, order: number): Rule | undefined {
  checkKeys(findings, map, { of: "a rule", known: fields, hints: verdictHints, unknown: "error" });
  const head = ruleHead(findings, map);
  const onError = onErrorOf(findings, map);
  const when = entryOf(map, "when");
  const then = entryOf(map, "then");
  const condition =
    when === undefined
      ? missingKey(findings, map, "when", "a rule", "what holds for every action is `when: { all: [] }`")
      : whenCondition(findings, "when", when.value);
  const verdict = then === undefined ? missingVerdict(findings, map) : whenVerdict(findings, then);
  if (head === undefined) return undefined;
  const span = findings.spanOf(map);
  return node({
    kind: "rule",
    ...head,
    span,
    order,
    language: "yaml",
    legacy: false,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    onError,
    // Of a file that is refused: what could not be understood is there no more.
    condition: condition ?? literal(true, span),
    verdict: verdict ?? node({ kind: "allow", span }),
  });
}

/** A verdict that stands beside `when` was reported as an unknown field, and that is the nearer cause. */
function missingVerdict(findings: Findings, map: YamlMap): undefined {
  const isMisplaced = map.entries.some(
    ({ key }) => !fields.includes(key) && verdictHints.has(suggest(key, [...fields, ...verdictHints.keys()]) ?? ""),
  );
  if (!isMisplaced)
    missingKey(findings, map, "then", "a rule", `a verdict stands under it: ${verdictNames.join(", ")}`);
}

function onErrorOf(findings: Findings, map: YamlMap): Rule["onError"] {
  const entry = entryOf(map, "on_error");
  const text = entry && textOf(findings, entry);
  if (entry === undefined || text === undefined) return "fail";
  if (text === "skip" || text === "fail") return text;
  findings.error({
    code: "ACT-R007",
    at: entry.value,
    summary: "`on_error` must be `fail` or `skip`",
    help: "`fail`, the default, fails the dispatch; `skip` takes the rule as not matched",
  });
  return "fail";
}
