import { suggest } from "@acteon/core";
import type { Diagnostic, Span } from "@acteon/core";
import { didYouMean, errorAt, warningAt } from "../diagnostics/finding.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";

/** What is wrong with rules only beside one another. */
export function duplicateNames(rules: readonly (Rule | NativeRule)[]): readonly Diagnostic[] {
  const first = new Map<string, Rule | NativeRule>();
  const found: Diagnostic[] = [];
  for (const rule of rules) {
    const other = first.get(rule.name);
    if (other === undefined) {
      first.set(rule.name, rule);
      continue;
    }
    // Guarantees §8 row 62.
    const report = isLegacy(rule) && isLegacy(other) ? warningAt : errorAt;
    found.push(
      report("ACT-R011", nameSpanOf(rule), {
        summary: `duplicate_rule: two rules are named \`${rule.name}\``,
        label: "the same name again",
        labels: [{ span: nameSpanOf(other), text: "first used here" }],
        help: "give one of them another name",
      }),
    );
  }
  return found;
}

function isLegacy(rule: Rule | NativeRule): boolean {
  return rule.kind === "rule" && rule.legacy;
}

function nameSpanOf(rule: Rule | NativeRule): Span {
  return rule.kind === "rule" ? rule.nameSpan : rule.span;
}

/** Rules that name a provider which is not configured. */
export function unknownProviders(rules: readonly Rule[], providers: ReadonlySet<string>): readonly Diagnostic[] {
  return rules.flatMap(({ verdict }) => {
    if (verdict.kind !== "reroute" || verdict.to.kind !== "literal" || verdict.to.type !== "string") return [];
    const { value: name, span } = verdict.to;
    if (providers.has(name)) return [];
    return [
      warningAt("ACT-P003", span, {
        summary: `provider \`${name}\` is not configured`,
        notes: [`configured here: ${[...providers].toSorted().join(", ") || "none"}`],
        ...didYouMean(suggest(name, providers)),
      }),
    ];
  });
}
