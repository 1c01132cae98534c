import { someExpr } from "@acteon/rules";
import type { Definitions } from "@acteon/rules";
import type { Program } from "./program.ts";

/** Reports rules that ask for themselves, each circle once. */
export function reportCircles(program: Program, definitions: Definitions): void {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    const place = way.indexOf(name);
    if (place !== -1) return reportCircle(program, way.slice(place));
    const definition = definitions[name];
    if (definition === undefined || done.has(name)) return;
    for (const asked of namesAskedBy(definition.value)) visit(asked, [...way, name]);
    done.add(name);
  };
  for (const name of Object.keys(definitions)) visit(name, []);
}

function namesAskedBy(value: Definitions[string]["value"]): ReadonlySet<string> {
  const names = new Set<string>();
  someExpr(value, (part) => {
    if (part.kind === "document" || part.kind === "invoke") names.add(part.name);
    return false;
  });
  return names;
}

function reportCircle({ groups }: Program, way: readonly string[]): void {
  const own = way.map((name) => groups.get(name)).find((group) => group !== undefined);
  const clause = own?.clauses[0] ?? own?.byDefault;
  if (clause === undefined) return;
  clause.unit.findings.error({
    code: "ACT-R028",
    at: clause.rule.head,
    summary: "this rule asks for itself",
    label: "its value depends on it",
    notes: [`the circle: ${[...way, way[0]].join(" → ")}`],
  });
}
