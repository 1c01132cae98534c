import type { JsonObject } from "@acteon/core";
import { Findings } from "@acteon/rules";
import type { RuleFrontEnd } from "@acteon/rules";
import { readRuleFile } from "./rule-file.ts";

export interface CelOptions {
  /** What `data.…` is in rules: the configured documents, by name. */
  readonly data?: JsonObject;
}

/** Rules in CEL: `@rule(…)`, `@on(…)` and a condition, as many as there are in a file. */
export function createCelFrontEnd({ data = {} }: CelOptions = {}): RuleFrontEnd {
  return {
    language: "cel",
    extensions: [".cel"],
    parse(text, file) {
      const findings = new Findings(file, text);
      const rules = readRuleFile(findings, data);
      const diagnostics = findings.sorted();
      return { kind: findings.hasErrors ? "rejected" : "parsed", rules, diagnostics };
    },
  };
}

export const celFrontEnd: RuleFrontEnd = createCelFrontEnd();
