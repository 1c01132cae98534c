import type { Rule } from "../ir/rule.ts";
import { sameIr } from "../ir/same-ir.ts";
import type { NativeRule } from "../native-rule.ts";
import type { RuleSources } from "./assemble.ts";
import type { Pacer } from "./pacer.ts";
import { sourceOf } from "./ranked-rule.ts";

/** What a load changed, by the names of rules. */
export interface RuleChange {
  /** How many rules are there now. */
  readonly rules: number;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Rules are the same by name and, where names repeat, by their order. Having moved in a file is no change. */
export async function changeBetween(before: RuleSources, after: RuleSources, pacer: Pacer): Promise<RuleChange> {
  const old = Map.groupBy(rulesOnlyIn(before, after), ({ name }) => name);
  const changed = new Set<string>();
  const added: string[] = [];
  for (const rule of rulesOnlyIn(after, before)) {
    if (pacer.isDue) await pacer.pause();
    const former = old.get(rule.name)?.shift();
    if (former === undefined) added.push(rule.name);
    else if (!sameIr(former, rule)) changed.add(rule.name);
  }
  const removed = [...old.values()].flat().map(({ name }) => name);
  return { rules: sizeOf(after), changed: [...changed], added, removed };
}

/** Those of files that the others do not have, or have differently; files are few, rules may be many. */
function rulesOnlyIn({ files, natives }: RuleSources, others: RuleSources): readonly (Rule | NativeRule)[] {
  const own = [...files].filter(([path, source]) => others.files.get(path) !== source).map(([, source]) => source);
  const ownNatives = natives.filter((rule) => !others.natives.includes(rule));
  return [...own.flatMap(({ rules }) => rules), ...ownNatives.map(sourceOf)];
}

function sizeOf({ files, natives }: RuleSources): number {
  return natives.length + [...files.values()].reduce((sum, { rules }) => sum + rules.length, 0);
}

/** `12 rules (1 changed, 2 added)`. */
export function describeChange({ rules, changed, added, removed }: RuleChange): string {
  const parts = [
    [changed.length, "changed"],
    [added.length, "added"],
    [removed.length, "removed"],
  ] as const;
  const counts = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${rules} ${rules === 1 ? "rule" : "rules"} (${counts.length === 0 ? "unchanged" : counts.join(", ")})`;
}
