import { someExpr } from "@acteon/rules";
import type { Definition, Definitions, PlacedFinding } from "@acteon/rules";
import type { Program } from "./program.ts";
import { clausesOf } from "./rule-group.ts";

/** Most rules that ask for one another in a row: each is computed inside of the one before it. */
const maxChain = 100;

/** Reports rules that ask for themselves, each circle once, and chains of rules that are too long. */
export function reportCircles({ groups }: Program, definitions: Definitions): void {
  const byName = new Map(groups.map((group) => [group.name, group]));
  /** At the first of these that rules make; the others are maps of them. */
  const report = (names: readonly string[], finding: Omit<PlacedFinding, "at">): void => {
    const [group] = names.flatMap((name) => byName.get(name) ?? []);
    const [clause] = group === undefined ? [] : clausesOf(group);
    clause?.unit.findings.error({ ...finding, at: clause.rule.head });
  };
  const lengths = new Map<string, number>();
  /** How many rules the longest chain has that begins with this one; beyond `maxChain` it is not followed. */
  const lengthOf = (name: string, way: readonly string[]): number => {
    const known = lengths.get(name);
    const circle = way.indexOf(name);
    if (circle !== -1) report(way.slice(circle), circleOf(way.slice(circle)));
    if (known !== undefined || circle !== -1) return known ?? 0;
    const definition = definitions[name];
    if (definition === undefined || way.length > maxChain) return 1;
    const below = [...namesAskedBy(definition)].map((asked) => lengthOf(asked, [...way, name]));
    const length = 1 + Math.max(0, ...below);
    lengths.set(name, length);
    return length;
  };
  for (const name of Object.keys(definitions)) {
    if (lengthOf(name, []) > maxChain) report([name], tooLong);
  }
}

const tooLong = {
  code: "ACT-R002",
  summary: `rules ask for one another in a chain of more than ${maxChain}`,
  label: "it begins here",
} as const;

function namesAskedBy({ value }: Definition): ReadonlySet<string> {
  const names = new Set<string>();
  someExpr(value, (part) => {
    if (part.kind === "document" || part.kind === "invoke") names.add(part.name);
    return false;
  });
  return names;
}

function circleOf(way: readonly string[]): Omit<PlacedFinding, "at"> {
  return {
    code: "ACT-R028",
    summary: "this rule asks for itself",
    label: "its value depends on it",
    notes: [`the circle: ${[...way, way[0]].join(" → ")}`],
  };
}
