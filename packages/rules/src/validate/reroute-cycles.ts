import type { Diagnostic } from "@acteon/core";
import { constraintOf } from "../compile/constraints.ts";
import type { Constraint, IndexValue } from "../compile/constraints.ts";
import { errorAt } from "../diagnostics/finding.ts";
import { conjunctsOf } from "../ir/children.ts";
import type { Rule } from "../ir/rule.ts";

/** Most reroutes in a row that are followed (guarantees §8 row 61), and most steps of the whole search. */
const maxHops = 6;
const maxSteps = 20_000;

/** What a field must be for a rule: one of these values. */
type Demands = ReadonlyMap<string, ReadonlySet<IndexValue>>;

/** A rule that sends every action with these values from one provider to another, whatever else happens. */
interface Hop {
  readonly rule: Rule;
  readonly from: string;
  readonly to: string;
  readonly demands: Demands;
}

/**
 * Rules that reroute in a circle for certain: their conditions test nothing but fields of the action, so that an action
 * which one of them catches is caught by all. Two that send to each other only while a breaker is open are no circle.
 */
export function rerouteCycles(rules: readonly Rule[]): readonly Diagnostic[] {
  const byProvider = Map.groupBy(hopsOf(rules), ({ from }) => from);
  const reported = new Set<string>();
  const found: Diagnostic[] = [];
  let steps = 0;
  const follow = (hops: readonly Hop[], demands: Demands): void => {
    const first = hops[0]!;
    const last = hops.at(-1)!;
    if (last.to === first.from) {
      const name = hops
        .map(({ from }) => from)
        .toSorted()
        .join("\0");
      if (!reported.has(name)) found.push(cycleDiagnostic(hops));
      reported.add(name);
      return;
    }
    for (const next of hops.length < maxHops ? (byProvider.get(last.to) ?? []) : []) {
      if (++steps > maxSteps) return;
      const both = meet(demands, next.demands);
      if (both !== undefined && !hops.some(({ from }) => from === next.from)) follow([...hops, next], both);
    }
  };
  for (const hop of [...byProvider.values()].flat()) follow([hop], hop.demands);
  return found;
}

function hopsOf(rules: readonly Rule[]): readonly Hop[] {
  return rules.flatMap((rule) => {
    const { verdict } = rule;
    if (!rule.enabled || verdict.kind !== "reroute" || verdict.to.kind !== "literal") return [];
    const to = verdict.to.value;
    const constraints = conjunctsOf(rule.condition).map(constraintOf);
    if (typeof to !== "string" || !constraints.every(isListOfValues)) return [];
    const demands = new Map(constraints.map(({ field, values }) => [field, new Set(values)] as const));
    const providers = [...(demands.get("provider") ?? [])].filter((provider) => typeof provider === "string");
    demands.delete("provider");
    // Sending several providers to one of them leaves that one where it is.
    const sources = providers.length === 1 ? providers : providers.filter((provider) => provider !== to);
    return sources.map((from) => ({ rule, from, to, demands }));
  });
}

function isListOfValues(constraint: Constraint | undefined): constraint is Constraint {
  return constraint !== undefined && constraint.prefixes.length === 0;
}

/** What both demand; `undefined` where no action meets both. */
function meet(a: Demands, b: Demands): Demands | undefined {
  const both = new Map(a);
  for (const [field, values] of b) {
    const common = both.get(field)?.intersection(values) ?? values;
    if (common.size === 0) return undefined;
    both.set(field, common);
  }
  return both;
}

function cycleDiagnostic(hops: readonly Hop[]): Diagnostic {
  const [{ rule, from }] = hops as [Hop, ...Hop[]];
  const circle = [...hops.map((hop) => hop.from), from].map((provider) => `\`${provider}\``).join(" → ");
  return errorAt("ACT-R018", rule.nameSpan, {
    summary: `reroute_loop: rules reroute in a circle: ${circle}`,
    label: "this rule begins it",
    labels: hops.slice(1).map((hop) => ({ span: hop.rule.nameSpan, text: `from \`${hop.from}\` to \`${hop.to}\`` })),
    help: "let one of them name another provider, or narrow its condition",
  });
}
