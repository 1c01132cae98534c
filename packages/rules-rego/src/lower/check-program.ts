import type { Clause, Program, RuleGroup } from "./program.ts";
import { isBelow } from "./path-text.ts";

/** Reports rules that contradict each other: two kinds of document at one path, or one inside of another. */
export function checkProgram({ groups }: Program): void {
  for (const group of groups.values()) {
    checkGroup(group);
    if (group.kind === "tree") continue;
    for (const other of groups.values()) {
      const [inner] = other.clauses;
      if (other.path.length <= group.path.length || !isBelow(other.path, group.path) || inner === undefined) continue;
      const [outer] = group.clauses;
      contradiction(inner, outer, `\`${other.name}\` lies inside of \`${group.name}\`, which has a value of its own`);
    }
  }
}

function checkGroup(group: RuleGroup): void {
  const all = [...group.clauses, ...(group.byDefault === undefined ? [] : [group.byDefault])];
  const [first, ...rest] = all;
  if (first === undefined) return;
  for (const clause of rest) {
    const { name } = group;
    if (isFunction(clause) !== isFunction(first))
      contradiction(clause, first, `\`${name}\` is a function and a document`);
    else if (arityOf(clause) !== arityOf(first)) {
      contradiction(
        clause,
        first,
        `\`${name}\` takes ${arityOf(first)} arguments in one place and ${arityOf(clause)} in another`,
      );
    } else if (isMember(clause) !== isMember(first) && clause.keys.length === first.keys.length) {
      contradiction(clause, first, `\`${name}\` is a set and a single value`);
    }
  }
  const defaults = all.filter(({ rule }) => rule.isDefault);
  const second = defaults.length > 1 ? defaults[1] : undefined;
  if (second !== undefined) contradiction(second, defaults[0], `\`${group.name}\` has two defaults`);
}

function isFunction({ rule }: Clause): boolean {
  return rule.head.args !== undefined;
}

function arityOf({ rule }: Clause): number {
  return rule.head.args?.length ?? 0;
}

function isMember({ rule }: Clause): boolean {
  return rule.head.key !== undefined;
}

function contradiction({ rule, unit }: Clause, other: Clause | undefined, summary: string): void {
  const related = other?.unit === unit ? { related: { at: other.rule.head, text: "the other one" } } : {};
  const note =
    other === undefined || other.unit === unit ? {} : { notes: [`the other one is in ${other.unit.findings.file}`] };
  unit.findings.error({ code: "ACT-R029", at: rule.head, summary, ...related, ...note });
}
