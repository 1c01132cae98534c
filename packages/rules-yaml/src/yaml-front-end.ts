import { suggest } from "@acteon/core";
import type { JsonObject } from "@acteon/core";
import type { Rule, RuleFrontEnd } from "@acteon/rules";

import { checkKeys, entryOf, missingKey } from "./keys.ts";
import { legacyRule } from "./legacy-rule.ts";
import { readYaml } from "./read-yaml.ts";
import { listOf, wrongType } from "./values.ts";
import { whenRule } from "./when-rule.ts";
import type { YamlMap } from "./yaml-node.ts";
import { YamlSource } from "./yaml-source.ts";

export interface YamlOptions {
  /** What `data.…` is in CEL (`expr`): the configured documents, by name. */
  readonly data?: JsonObject;
}

/**
 * Rules in YAML, a file a list under `rules`. Each rule is of one of two dialects, told by its keys: `when` / `then`, which
 * the design document shows, and `condition` / `action`, which other programs read too (`wire-api.md` §26).
 */
export function createYamlFrontEnd({ data = {} }: YamlOptions = {}): RuleFrontEnd {
  return {
    language: "yaml",
    extensions: [".yaml", ".yml"],
    parse(text, file) {
      const source = new YamlSource(file, text, data);
      const rules = rulesOf(source);
      const diagnostics = source.sorted();
      return { kind: source.hasErrors ? "rejected" : "parsed", rules, diagnostics };
    },
  };
}

export const yamlFrontEnd: RuleFrontEnd = createYamlFrontEnd();

function rulesOf(findings: YamlSource): readonly Rule[] {
  const root = readYaml(findings);
  if (root === undefined) return [];
  if (root.kind === "scalar" && root.value === null) {
    // An editor that empties a file before it writes must not switch every rule off: nothing is not "no rules".
    findings.error({
      code: "ACT-R005",
      at: { start: 0, end: 0 },
      summary: "the file is empty",
      help: "a file without rules reads `rules: []`",
    });
    return [];
  }
  if (root.kind !== "map") {
    wrongType(findings, "the file", root, "a mapping with a list under `rules`");
    return [];
  }
  return rulesOfMap(findings, root);
}

function rulesOfMap(findings: YamlSource, root: YamlMap): readonly Rule[] {
  const entry = entryOf(root, "rules");
  const list = entry && listOf(findings, entry);
  const items = list?.items ?? [];
  const dialects = items.map((item) => (item.kind === "map" ? dialectOf(item) : undefined));
  const isLegacy = dialects.length > 0 && dialects.every((dialect) => dialect === "legacy");
  checkKeys(findings, root, { of: "a file of rules", known: ["rules"], unknown: isLegacy ? "warning" : "error" });
  if (entry === undefined) missingKey(findings, root, "rules", "a file of rules");
  const rules: Rule[] = [];
  for (const [order, item] of items.entries()) {
    if (item.kind !== "map") {
      wrongType(findings, "an item of rules", item, "a rule, with `name`, `when` and `then`");
      continue;
    }
    const rule = dialects[order] === "legacy" ? legacyRule(findings, item, order) : whenRule(findings, item, order);
    if (rule !== undefined) rules.push(rule);
  }
  return rules;
}

/** By the keys that only one dialect has; where there are none, by what a key was probably meant to be. */
function dialectOf(rule: YamlMap): "when" | "legacy" {
  const keys = rule.entries.map(({ key }) => key);
  if (keys.includes("when") || keys.includes("then")) return "when";
  if (keys.includes("condition") || keys.includes("action")) return "legacy";
  return keys.some((key) => suggest(key, ["condition", "action"]) !== undefined) ? "legacy" : "when";
}
