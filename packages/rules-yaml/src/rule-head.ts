import type { Findings, Rule } from "@acteon/rules";

import { entryOf, missingKey, optionalEntryOf } from "./keys.ts";
import { flagOf, integerOf, textMapOf, textOf } from "./values.ts";
import type { YamlMap } from "./yaml-node.ts";

/** What rules of both dialects say about themselves, with the same names and defaults. */
export type RuleHead = Pick<
  Rule,
  "name" | "nameSpan" | "priority" | "enabled" | "description" | "metadata" | "timezone"
>;

/** `undefined` when there is no name; any other mistake is reported and the default stands in. */
export function ruleHead(findings: Findings, map: YamlMap): RuleHead | undefined {
  const priority = entryOf(map, "priority");
  const enabled = entryOf(map, "enabled");
  const description = optionalEntryOf(map, "description");
  const metadata = entryOf(map, "metadata");
  const timezone = optionalEntryOf(map, "timezone");
  const head = {
    priority: (priority && integerOf(findings, priority, int32)) ?? 0,
    enabled: (enabled && flagOf(findings, enabled)) ?? true,
    description: description && textOf(findings, description),
    metadata: (metadata && textMapOf(findings, metadata)) ?? {},
    timezone: timezone && textOf(findings, timezone),
  };
  const entry = entryOf(map, "name");
  if (entry === undefined) return missingKey(findings, map, "name", "a rule", "verdicts and audit records cite it");
  const name = textOf(findings, entry);
  return name === undefined ? undefined : { ...head, name, nameSpan: findings.spanOf(entry.value) };
}

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
