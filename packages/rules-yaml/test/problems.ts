import type { Rule } from "@acteon/rules";

import { yamlFrontEnd } from "../src/index.ts";

/** What the front end says about a text, a line per finding: `3:5 error ACT-R004 summary | label | help`. */
export function problemsOf(text: string): string[] {
  return yamlFrontEnd.parse(text, "rules/a.yaml").diagnostics.map(({ severity, code, summary, label, help, span }) => {
    const said = [summary, label, help].filter((part) => part !== undefined).join(" | ");
    return `${span.start.line}:${span.start.column} ${severity} ${code} ${said}`;
  });
}

/** The rules of a text that has no mistake. */
export function rulesOf(text: string): readonly Rule[] {
  const parsed = yamlFrontEnd.parse(text, "rules/a.yaml");
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.diagnostics, undefined, 1));
  return parsed.rules;
}

/** A rule of the `when` / `then` dialect with one thing that a test is about; both in flow style, on lines 3 and 4. */
export function whenThen({ when = "{ all: [] }", verdict = "allow", more = "" }): string {
  return `rules:\n  - name: r\n    when: ${when}\n    then: ${verdict}\n${more}`;
}

/** The same of the existing dialect. */
export function conditionAction({ condition = "{ all: [] }", action = "{ type: allow }", more = "" }): string {
  return `rules:\n  - name: r\n    condition: ${condition}\n    action: ${action}\n${more}`;
}
