import { durationLiteral } from "@acteon/rules";
import type { Expr, Findings } from "@acteon/rules";

import { checkKeys, entryOf, renamed } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { templateOf } from "./template.ts";
import type { TemplateUse } from "./template.ts";
import { durationMsOf, textOf } from "./values.ts";
import type { YamlMap } from "./yaml-node.ts";

/** Reports parameters that the verdict does not have. */
export function checkParams(findings: Findings, params: YamlMap, verdict: string, known: readonly string[]): void {
  checkKeys(findings, params, { of: `\`${verdict}\``, known, hints: paramHints, unknown: "error" });
}

/** What the existing dialect calls these. */
const paramHints: ReadonlyMap<string, Hint> = new Map<string, Hint>([
  ["ttl_seconds", { help: "write `window: 5m`" }],
  ["window_seconds", { help: "write `window: 1m`" }],
  ["max_count", renamed("parameter", "rate")],
  ["target_provider", renamed("parameter", "to")],
  ["changes", renamed("parameter", "merge")],
]);

/** A text with holes; `undefined` also where there is none. */
export function textParam(findings: Findings, params: YamlMap, name: string, use: TemplateUse): Expr | undefined {
  const entry = entryOf(params, name);
  const text = entry && textOf(findings, entry);
  if (text === undefined || entry?.value.kind !== "scalar") return undefined;
  return templateOf(findings, entry.value, text, use);
}

/** A length of time; `undefined` also where there is none. */
export function durationParam(findings: Findings, params: YamlMap, name: string): Expr | undefined {
  const entry = entryOf(params, name);
  const ms = entry && durationMsOf(findings, entry);
  return entry === undefined || ms === undefined ? undefined : durationLiteral(ms, findings.spanOf(entry.value));
}
