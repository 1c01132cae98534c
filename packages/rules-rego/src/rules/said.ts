import { unbuiltVerdicts, verdictNames, verdictParams } from "@acteon/rules";
import type { Extent, Findings, VerdictName } from "@acteon/rules";
import type { RuleGroup } from "../lower/rule-group.ts";
import type { Unit } from "../lower/unit.ts";
import type { RegoRule, Term } from "../syntax/ast.ts";

/*
 * What the value of a rule says of its verdict: an object all of it, with the verdict under `verdict`; a text the one thing
 * that it takes foremost.
 */

/** The name of a verdict, where it is said. */
export interface SaidVerdict {
  readonly name: string;
  readonly at: Extent;
  readonly unit: Unit;
}

/** What a text is to a verdict; to those that are not here it is nothing. */
const textParams: ReadonlyMap<VerdictName, string> = new Map([
  ["deny", "reason"],
  ["suppress", "reason"],
  ["deduplicate", "key"],
  ["reroute", "to"],
]);

export function textParamOf(kind: VerdictName): string | undefined {
  return textParams.get(kind);
}

/** The verdict that the name of a rule begins with: `deny`, `deny_…`. */
export function verdictOfName(name: string): string | undefined {
  return [...verdictNames, ...unbuiltVerdicts].find((verdict) => name === verdict || name.startsWith(`${verdict}_`));
}

/** The verdict that the values of the rules say. Two different ones are reported. */
export function verdictOfValues(group: RuleGroup): SaidVerdict | undefined {
  const said = group.clauses.flatMap(({ rule, unit }) =>
    valuesOf(rule).flatMap((value): readonly SaidVerdict[] => {
      const at = value.kind === "object" ? value.entries.find(([key]) => textIn(key) === "verdict")?.[1] : undefined;
      const name = at && textIn(at);
      return at === undefined || name === undefined ? [] : [{ name, at, unit }];
    }),
  );
  const [first] = said;
  const other = said.find(({ name }) => name !== first?.name);
  if (first !== undefined && other !== undefined) {
    other.unit.findings.error({
      code: "ACT-R008",
      at: other.at,
      summary: "two verdicts in one rule",
      label: "the second",
      ...(first.unit === other.unit && { related: { at: first.at, text: "the first" } }),
      help: "a rule has one verdict: another verdict is a rule of another name",
    });
  }
  return first;
}

export type ParamTerms = ReadonlyMap<string, { readonly at: Extent; readonly term: Term }>;

/** What the value of a clause says besides the verdict, by the names of the parameters; `undefined`: it says nothing so. */
export function paramTerms(value: Term | undefined, kind: VerdictName, findings: Findings): ParamTerms | undefined {
  if (value === undefined || (value.kind === "scalar" && value.value === true)) return new Map();
  if (value.kind === "object") {
    const named = value.entries.flatMap(([key, term]) => {
      const name = textIn(key);
      return name === undefined || name === "verdict" ? [] : [[name, { at: key, term }] as const];
    });
    return new Map(named);
  }
  const text = textParams.get(kind);
  if (text !== undefined) return new Map([[text, { at: value, term: value }]]);
  const params = verdictParams[kind];
  findings.error({
    code: "ACT-R006",
    at: value,
    summary: `the value of a rule that says \`${kind}\` is an object`,
    help: params.length === 0 ? "or `true`" : `with ${params.map((name) => `\`${name}\``).join(", ")}`,
  });
  return undefined;
}

/** The values that a rule can have. */
export function valuesOf({ head, elses }: RegoRule): readonly Term[] {
  return [head.key ?? head.value, ...elses.map(({ value }) => value)].filter((value) => value !== undefined);
}

/** A text that stands there as it is. */
export function textIn(term: Term): string | undefined {
  return term.kind === "scalar" && typeof term.value === "string" ? term.value : undefined;
}
