import type { Place } from "./document-tree.ts";
import { clausesOf, keysText } from "./rule-group.ts";
import type { Clause, RuleGroup } from "./rule-group.ts";

/** Reports rules that contradict each other: two kinds of document at one path, or one inside of another. */
export function reportContradictions({ group, below }: Place, around?: RuleGroup): void {
  if (group !== undefined) {
    if (around !== undefined) reportInside(group, around);
    reportKinds(group);
  }
  for (const place of below.values()) reportContradictions(place, group ?? around);
}

function reportInside(inner: RuleGroup, outer: RuleGroup): void {
  const [clause] = clausesOf(inner);
  const [other] = clausesOf(outer);
  contradiction(clause!, other!, `\`${inner.name}\` lies inside of \`${outer.name}\`, which has a value of its own`);
}

function reportKinds(group: RuleGroup): void {
  const { name } = group;
  const [first, ...rest] = clausesOf(group) as readonly [Clause, ...Clause[]];
  for (const clause of rest) {
    const summary = disagreement(clause, first);
    if (summary !== undefined) contradiction(clause, first, `\`${name}\` ${summary}`);
  }
  for (const [one, second] of Map.groupBy(group.defaults, keysText).values()) {
    if (one !== undefined && second !== undefined) contradiction(second, one, `\`${name}\` has two defaults`);
  }
}

/** What two rules say of what they make that cannot both be. */
function disagreement(clause: Clause, first: Clause): string | undefined {
  const arity = arityOf(clause);
  const firstArity = arityOf(first);
  if ((arity === undefined) !== (firstArity === undefined)) return "is a function and a document";
  if (arity !== firstArity) return `takes ${firstArity} arguments in one place and ${arity} in another`;
  const isOfBothKinds = isMember(clause) !== isMember(first) && clause.keys.length === first.keys.length;
  return isOfBothKinds ? "is a set and a single value" : undefined;
}

function arityOf({ rule }: Clause): number | undefined {
  return rule.head.args?.length;
}

function isMember({ rule }: Clause): boolean {
  return rule.head.key !== undefined;
}

function contradiction({ rule, unit }: Clause, other: Clause, summary: string): void {
  const where =
    other.unit === unit
      ? { related: { at: other.rule.head, text: "the other one" } }
      : { notes: [`the other one is in ${other.unit.findings.file}`] };
  unit.findings.error({ code: "ACT-R029", at: rule.head, summary, ...where });
}
