import { didYouMean, node } from "@acteon/rules";
import type { Expr, Query, Rule } from "@acteon/rules";
import { muted, nearest } from "../source.ts";
import type { DrlRule } from "../syntax/ast.ts";
import type { Word } from "../syntax/ast-expression.ts";
import type { DrlAct } from "../syntax/parse-consequence.ts";
import { readAnnotations, readAttributes } from "./attributes.ts";
import { conjunctsOfSteps, guard, valueInSteps } from "./body.ts";
import { allOf, elementOf, negated, spanOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { readVerdict } from "./verdict.ts";

/** A rule, and what its activation group needs to know of it. */
export interface LoweredRule {
  readonly rule: Rule;
  readonly activationGroup: string | undefined;
}

/**
 * The conditions of a rule, those of the rules that it extends first, and its verdict. `undefined`: it has none, and is
 * there to be extended.
 */
export function lowerRule(
  rule: DrlRule,
  acts: readonly DrlAct[],
  isBase: boolean,
  lowering: Lowering,
): LoweredRule | undefined {
  const { catalog } = lowering;
  const own = new Set(rule.attributes.map(({ name }) => name.text));
  const inherited = catalog.attributes.filter(({ name }) => !own.has(name.text));
  const attributes = readAttributes([...inherited, ...rule.attributes], lowering);
  const steps = [...attributes.conjuncts.map(guard), ...stepsOf(rule, lowering)];
  const annotations = readAnnotations(rule.annotations, lowering);
  if (acts.length === 0 && isBase) return undefined;
  const verdict = readVerdict(rule, acts, { lowering, inSteps: (expr) => valueInSteps(expr, steps) });
  const [first] = rule.conditions;
  const whole = first === undefined ? rule.name : { start: first.start, end: rule.conditions.at(-1)!.end };
  const span = spanOf(rule, lowering);
  const made: Rule = node({
    kind: "rule",
    name: rule.name.text,
    nameSpan: spanOf(rule.name, lowering),
    span,
    order: 0,
    language: "drools",
    legacy: false,
    priority: attributes.priority,
    enabled: attributes.enabled,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    ...annotations,
    metadata: { ...attributes.metadata, ...annotations.metadata },
    condition: allOf(conjunctsOfSteps(steps), spanOf(whole, lowering)),
    // Of a file that is refused: what could not be understood is there no more.
    verdict: verdict ?? node({ kind: "allow", span }),
  });
  return { rule: made, activationGroup: attributes.activationGroup };
}

function stepsOf(rule: DrlRule, lowering: Lowering): readonly Query[] {
  const parents = parentsOf(rule, lowering);
  const above = { ...lowering, source: muted(lowering.source) };
  const inherited = parents.flatMap((parent) => {
    const cost = (parent.conditions.at(-1)?.end ?? 0) - (parent.conditions[0]?.start ?? 0);
    if (!lowering.budget.spend(cost, rule.name, lowering.source)) return [];
    return parent.conditions.flatMap((condition) => elementOf(condition, above).steps);
  });
  return [...inherited, ...rule.conditions.flatMap((condition) => elementOf(condition, lowering).steps)];
}

/** Longest chain of rules of which each extends the next. */
const maxParents = 50;

/** The rules that a rule extends, the first of them first. */
function parentsOf(rule: DrlRule, lowering: Lowering): readonly DrlRule[] {
  const { catalog, source } = lowering;
  const parents: DrlRule[] = [];
  const names = new Set([rule.name.text]);
  for (let name = rule.parent; name !== undefined;) {
    const parent = catalog.rules.get(name.text);
    if (parent === undefined || names.has(name.text)) {
      // Of a mistake further up the rule there is told.
      if (parents.length === 0) reportParent(name, parent !== undefined, lowering);
      break;
    }
    if (parents.length === maxParents) {
      source.error({ code: "ACT-R002", at: rule.name, summary: `more than ${maxParents} rules extend each other` });
      break;
    }
    names.add(name.text);
    parents.push(parent);
    name = parent.parent;
  }
  return parents.toReversed();
}

function reportParent(parent: Word, isCircle: boolean, { catalog, source }: Lowering): void {
  source.error({
    code: "ACT-R024",
    at: parent,
    summary: isCircle ? `\`${parent.text}\` extends itself` : `there is no rule \`${parent.text}\` in this file`,
    label: isCircle ? "the rules extend each other in a circle" : "nothing to extend",
    ...(!isCircle && didYouMean(nearest(source, parent.text, () => catalog.rules.keys()))),
  });
}

/** Of an activation group only the first that decides counts: no other may follow a rule that only changes the payload. */
export function withActivationGroups(lowered: readonly LoweredRule[]): readonly Rule[] {
  // What must not hold for the next rule of a group.
  const earlier = new Map<string, Expr[]>();
  const changed = new Map<Rule, Rule>();
  for (const { rule, activationGroup } of lowered.toSorted((a, b) => a.rule.priority - b.rule.priority)) {
    if (activationGroup === undefined) continue;
    const { condition } = rule;
    const { span } = condition;
    const others = earlier.get(activationGroup) ?? [];
    if (others.length > 0) {
      changed.set(rule, node({ ...rule, condition: allOf([...conjunctsIn(condition), ...others], span) }));
    }
    if (rule.verdict.kind !== "modify" || !rule.enabled) continue;
    others.push(negated(condition, span));
    earlier.set(activationGroup, others);
  }
  return lowered.map(({ rule }, order) => node({ ...(changed.get(rule) ?? rule), order }));
}

function conjunctsIn(condition: Expr): readonly Expr[] {
  return condition.kind === "and" ? condition.operands : [condition];
}
