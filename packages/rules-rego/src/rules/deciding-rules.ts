import { suggest } from "@acteon/core";
import {
  didYouMean,
  isVerdictName,
  literal,
  node,
  readNamedVerdict,
  reportUnknownVerdict,
  unbuiltVerdicts,
  verdictNames,
} from "@acteon/rules";
import type { Expr, Extent, Findings, NamedParam, Rule, Verdict, VerdictName } from "@acteon/rules";
import type { Clause, RuleGroup } from "../lower/rule-group.ts";
import { scopeOf } from "../lower/scope.ts";
import type { Lowering, Scope } from "../lower/scope.ts";
import { decidedByClauses, decidedByDocument, paramOf } from "./decided.ts";
import { verdictOfName, verdictOfValues } from "./said.ts";
import { settingsOf } from "./settings.ts";
import type { RuleSettings } from "./settings.ts";

/** A rule that decides, with the first of the clauses that make it. */
export interface DecidingRule {
  readonly rule: Omit<Rule, "order" | "definitions">;
  readonly clause: Clause;
}

/**
 * The rules of a program that decide: those of the package `acteon` and the packages below it whose name begins with a
 * verdict, or whose value says one; and those anywhere whose METADATA says one.
 */
export function decidingRules(lowering: Lowering): readonly DecidingRule[] {
  return lowering.program.groups.flatMap((group) => {
    const [clause] = group.clauses;
    if (clause === undefined) return [];
    const settings = settingsOf(group, lowering.program);
    const isDocument = group.kind === "complete" || group.kind === "set";
    if (!isDocument || (settings.verdict === undefined && group.path[1] !== "acteon")) {
      reportUndecided(group, clause, settings);
      return [];
    }
    const rule = decidingRule(group, clause, settings, lowering);
    return rule === undefined ? [] : [{ rule, clause }];
  });
}

/** A rule that was probably meant to decide. */
function reportUndecided({ kind, name, path }: RuleGroup, { rule, unit }: Clause, { verdict }: RuleSettings): void {
  const at = rule.head;
  if (verdict !== undefined) {
    unit.findings.error({
      code: "ACT-R006",
      at,
      summary: "a rule that decides is a document of one value, or a set",
      label: kind === "function" ? "a function" : "a document with keys",
    });
  } else if (kind !== "function" && kind !== "tree" && verdictOfName(path.at(-1)!) !== undefined) {
    unit.findings.warning({
      code: "ACT-R031",
      at,
      summary: `\`${name}\` is named like a verdict and decides nothing`,
      label: `in the package \`${path.slice(1, -1).join(".")}\``,
      help: "rules that decide are in `package acteon.rules`, or say `custom.verdict` in their METADATA",
    });
  }
}

/** `undefined`: it says no verdict, or one that cannot be understood, which was reported. */
function decidingRule(
  group: RuleGroup,
  { rule, unit }: Clause,
  settings: RuleSettings,
  lowering: Lowering,
): DecidingRule["rule"] | undefined {
  const { findings } = unit;
  const { head, start, end } = rule;
  const said = verdictOfValues(group) ?? settings.verdict;
  const name = group.path.at(-1)!;
  const kind = said?.name ?? verdictOfName(name);
  if (kind === undefined) {
    warnOfMisspelt(name, rule.head, findings);
    return undefined;
  }
  const unbuilt = unbuiltVerdicts.find((verdict) => verdict === kind);
  if (unbuilt === undefined && !isVerdictName(kind)) {
    return reportUnknownVerdict(said?.unit.findings ?? findings, kind, said?.at ?? head);
  }
  const span = findings.spanOf({ start, end });
  const decided =
    unbuilt === undefined
      ? decide(group, kind as VerdictName, settings, lowering)
      : { condition: literal(true, span), verdict: node({ kind: unbuilt, params: {}, span }) };
  if (decided?.verdict === undefined) return undefined;
  return {
    kind: "rule",
    name: settings.name ?? name,
    nameSpan: findings.spanOf(head.ref),
    span,
    language: "rego",
    legacy: false,
    ...settings.head,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    condition: decided.condition,
    verdict: decided.verdict,
  };
}

/** What the rule itself says of its verdict goes before what its METADATA says. */
function decide(
  group: RuleGroup,
  kind: VerdictName,
  { params: given }: RuleSettings,
  lowering: Lowering,
): { readonly condition: Expr; readonly verdict: Verdict | undefined } | undefined {
  const [{ rule, unit }] = group.clauses as readonly [Clause, ...Clause[]];
  const scope = scopeOf({ rule, unit }, lowering);
  const hasOneBodyEach = group.clauses.every((clause) => clause.rule.elses.length === 0);
  const decided =
    hasOneBodyEach && !givesByDefault(group)
      ? decidedByClauses(group, kind, lowering)
      : decidedByDocument(group, kind, scope);
  if (decided === undefined) return undefined;
  const { condition, closed } = decided;
  const verdict = readNamedVerdict({
    kind,
    at: rule.head,
    params: new Map([...asTaken(given, scope), ...decided.params]),
    findings: unit.findings,
    written: (key, value) => `"${key}": ${value}`,
    finish: closed,
  });
  return { condition, verdict };
}

function asTaken(params: ReadonlyMap<string, NamedParam>, scope: Scope): readonly (readonly [string, NamedParam])[] {
  return [...params].map(([key, { at, value }]) => [key, { at, value: value && paramOf(key, value, scope) }]);
}

/** `supress_x` was probably meant to decide; `throttled_services` was not. */
function warnOfMisspelt(name: string, at: Extent, findings: Findings): void {
  const [first = ""] = name.split("_");
  const near = suggest(
    first,
    verdictNames.filter((verdict) => Math.abs(verdict.length - first.length) <= 1 && !first.startsWith(verdict)),
  );
  if (near === undefined || first.length < 4) return;
  findings.warning({
    code: "ACT-R031",
    at,
    summary: `\`${name}\` is named nearly like a verdict and decides nothing`,
    ...didYouMean(near + name.slice(first.length)),
  });
}

function givesByDefault({ defaults: [byDefault] }: RuleGroup): boolean {
  const value = byDefault?.rule.head.value;
  return value !== undefined && !(value.kind === "scalar" && value.value === false);
}
