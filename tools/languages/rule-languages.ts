import type { JsonObject } from "@acteon/core";
import type { RuleFrontEnd } from "@acteon/rules";
import { createCelFrontEnd } from "@acteon/rules-cel";
import { createDroolsFrontEnd } from "@acteon/rules-drools";
import { createRegoFrontEnd } from "@acteon/rules-rego";
import { createYamlFrontEnd } from "@acteon/rules-yaml";
import type { SameRule } from "./same-rule.ts";

/** A language whose rules are texts. */
export type TextLanguage = Exclude<keyof SameRule, "native">;

export interface RuleLanguage {
  readonly createFrontEnd: (options: { readonly data: JsonObject }) => RuleFrontEnd;
  /** What stands in front of the rules of a file. */
  readonly preamble: string;
}

/** Every language whose rules are texts: a new one is added here, and to each rule. */
export const ruleLanguages: Readonly<Record<TextLanguage, RuleLanguage>> = {
  yaml: { createFrontEnd: createYamlFrontEnd, preamble: "rules:" },
  legacy: { createFrontEnd: createYamlFrontEnd, preamble: "rules:" },
  cel: { createFrontEnd: createCelFrontEnd, preamble: "" },
  rego: { createFrontEnd: createRegoFrontEnd, preamble: "package acteon.rules" },
  drools: { createFrontEnd: createDroolsFrontEnd, preamble: "" },
};
