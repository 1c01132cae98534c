import type { JsonObject } from "@acteon/core";
import { Findings } from "@acteon/rules";
import type { RuleFrontEnd } from "@acteon/rules";
import { lowerFile } from "./lower/lower-file.ts";
import { tokensOf } from "./syntax/lexer.ts";
import { parseFile } from "./syntax/parse-file.ts";

export interface DroolsOptions {
  /** What `data.…`, and globals of their names, are in rules: the configured documents, by name. */
  readonly data?: JsonObject;
}

/** Rules in a dialect of Drools' DRL: the action is the one fact, and verdicts stand behind `then`. */
export function createDroolsFrontEnd({ data = {} }: DroolsOptions = {}): RuleFrontEnd {
  return {
    language: "drools",
    extensions: [".drl"],
    parse(text, file) {
      const findings = new Findings(file, text);
      const tokens = tokensOf(text);
      if (tokens.length === 1) {
        // An editor that empties a file before it writes must not switch every rule off: nothing is not "no rules".
        const help = "a file without rules has no place here: take it away";
        findings.error({ code: "ACT-R005", at: { start: 0, end: 0 }, summary: "the file is empty", help });
      }
      const rules = lowerFile(findings, parseFile(findings, tokens), tokens, data);
      const diagnostics = findings.sorted();
      return { kind: findings.hasErrors ? "rejected" : "parsed", rules, diagnostics };
    },
  };
}

export const droolsFrontEnd: RuleFrontEnd = createDroolsFrontEnd();
