import type { Rule } from "../ir/rule.ts";
import { sameIr } from "../ir/same-ir.ts";
import type { NativeRule } from "../native-rule.ts";
import type { Pacer } from "./pacer.ts";

/** What a load changed, by the names of rules. */
export interface RuleChange {
  /** How many rules are there now. */
  readonly rules: number;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

type Source = Rule | NativeRule;

/** Rules are the same by name and, where names repeat, by their order. Having moved in a file is no change. */
export async function changeBetween(
  before: readonly Source[],
  after: readonly Source[],
  pacer: Pacer,
): Promise<RuleChange> {
  const old = Map.groupBy(before, ({ name }) => name);
  const changed = new Set<string>();
  const added: string[] = [];
  for (const rule of after) {
    if (pacer.isDue) await pacer.pause();
    const former = old.get(rule.name)?.shift();
    if (former === undefined) added.push(rule.name);
    else if (former !== rule && !sameIr(former, rule)) changed.add(rule.name);
  }
  const removed = [...old.values()].flat().map(({ name }) => name);
  return { rules: after.length, changed: [...changed], added, removed };
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
