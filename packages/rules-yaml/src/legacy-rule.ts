import { literal, node } from "@acteon/rules";
import type { Findings, Rule } from "@acteon/rules";

import { checkKeys, entryOf, missingKey } from "./keys.ts";
import { legacyAction } from "./legacy-action.ts";
import { legacyCondition } from "./legacy-condition.ts";
import { ruleHead } from "./rule-head.ts";
import { textsOf } from "./values.ts";
import type { YamlMap } from "./yaml-node.ts";

const fields = [
  "name",
  "condition",
  "action",
  "priority",
  "description",
  "enabled",
  "metadata",
  "timezone",
  "mute_time_intervals",
  "active_time_intervals",
];

/** A rule of the existing dialect (`wire-api.md` §26.2). It is read by other programs too, so unknown keys are warnings. */
export function legacyRule(findings: Findings, map: YamlMap, order: number): Rule | undefined {
  checkKeys(findings, map, { of: "a rule", known: fields, unknown: "warning" });
  const head = ruleHead(findings, map);
  const entry = entryOf(map, "condition");
  const condition =
    entry === undefined
      ? missingKey(findings, map, "condition", "a rule", "what holds for every action is `condition: { all: [] }`")
      : legacyCondition(findings, "condition", entry.value);
  const action = entryOf(map, "action");
  const verdict =
    action === undefined ? missingKey(findings, map, "action", "a rule") : legacyAction(findings, action.value);
  const muteTimeIntervals = intervalsOf(findings, map, "mute_time_intervals");
  const activeTimeIntervals = intervalsOf(findings, map, "active_time_intervals");
  if (head === undefined) return undefined;
  const span = findings.spanOf(map);
  return node({
    kind: "rule",
    ...head,
    span,
    order,
    language: "yaml",
    legacy: true,
    muteTimeIntervals,
    activeTimeIntervals,
    // An evaluation error fails the dispatch in this dialect; there is no key that says otherwise (`design.md` §5).
    onError: "fail",
    // Of a file that is refused: what could not be understood is there no more.
    condition: condition ?? literal(true, span),
    verdict: verdict ?? node({ kind: "allow", span }),
  });
}

function intervalsOf(findings: Findings, map: YamlMap, key: string): readonly string[] {
  const entry = entryOf(map, key);
  return (entry && textsOf(findings, entry)) ?? [];
}
