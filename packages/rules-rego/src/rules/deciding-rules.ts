import { field, Findings, literal, node, someExpr } from "@acteon/rules";
import type { Expr, Query, Rule } from "@acteon/rules";
import { conditionOf as holdsOf } from "../lower/conditions.ts";
import { fileScope } from "../lower/lower-program.ts";
import type { Clause, RuleGroup, Unit } from "../lower/program.ts";
import type { Lowering, Scope } from "../lower/scope.ts";
import type { Term } from "../syntax/ast.ts";
import { settingsOf } from "./annotations.ts";
import type { RuleSettings } from "./annotations.ts";
import { conditionOf, namesBoundBy, usesNames } from "./condition-of.ts";
import { readVerdict, verdictOfName, verdictParams } from "./verdict.ts";

/** A rule that decides, as far as it is known before its place in the file is. */
export type DecidingRule = Omit<Rule, "order" | "definitions">;

/**
 * The rules of a program that decide: those of the package `acteon` and the packages below it whose name begins with a
 * verdict, or whose value says one; and those anywhere whose METADATA says one.
 */
export function decidingRules(lowering: Lowering): readonly { readonly rule: DecidingRule; readonly clause: Clause }[] {
  return [...lowering.program.groups.values()].flatMap((group) => {
    const [clause] = group.clauses;
    if (clause === undefined || group.kind === "function" || group.kind === "tree") return [];
    const settings = settingsOf(group);
    const kind = verdictOf(group, settings);
    if (kind === undefined) return [];
    if (settings.verdict === undefined && group.path[1] !== "acteon") {
      warnOfPackage(group, clause);
      return [];
    }
    const rule = decidingRule(group, clause, kind, settings, lowering);
    return rule === undefined ? [] : [{ rule, clause }];
  });
}

function verdictOf(group: RuleGroup, { verdict }: RuleSettings): string | undefined {
  const said = group.clauses
    .map(({ rule }) => textUnder(rule.head.value, "verdict"))
    .find((text) => text !== undefined);
  return said ?? verdict ?? verdictOfName(group.path.at(-1) ?? "");
}

function textUnder(value: Term | undefined, name: string): string | undefined {
  const entry = value?.kind === "object" ? value.entries.find(([key]) => keyText(key) === name) : undefined;
  return entry === undefined ? undefined : keyText(entry[1]);
}

function keyText(term: Term): string | undefined {
  return term.kind === "scalar" && typeof term.value === "string" ? term.value : undefined;
}

function warnOfPackage({ name, path }: RuleGroup, { rule, unit }: Clause): void {
  unit.findings.warning({
    code: "ACT-R031",
    at: rule.head,
    summary: `\`${name}\` is named like a verdict and decides nothing`,
    label: `in the package \`${path.slice(1, -1).join(".")}\``,
    help: "rules that decide are in `package acteon.rules`, or say `custom.verdict` in their METADATA",
  });
}

function decidingRule(
  group: RuleGroup,
  first: Clause,
  kind: string,
  settings: RuleSettings,
  lowering: Lowering,
): DecidingRule | undefined {
  const { findings } = first.unit;
  const { head, start, end } = first.rule;
  const isPlain = group.clauses.every(({ rule }) => rule.elses.length === 0) && !givesByDefault(group);
  const decided = isPlain ? fromClauses(group, kind, lowering) : fromDocument(group, kind, findings.spanOf(head));
  const params = new Map([...settings.params, ...decided.params]);
  params.delete("verdict");
  const verdict = readVerdict(kind, { findings, at: head, params, closed: decided.closed });
  if (verdict === undefined) return undefined;
  return {
    kind: "rule",
    name: settings.name ?? group.path.at(-1)!,
    nameSpan: findings.spanOf(head.ref),
    span: findings.spanOf({ start, end }),
    language: "rego",
    legacy: false,
    ...settings.head,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    condition: decided.condition,
    verdict,
  };
}

function givesByDefault({ byDefault }: RuleGroup): boolean {
  const value = byDefault?.rule.head.value;
  return value !== undefined && !(value.kind === "scalar" && value.value === false);
}

interface Decided {
  readonly condition: Expr;
  readonly params: ReadonlyMap<string, Expr>;
  readonly closed: (expr: Expr) => Expr;
}

/** One of the clauses holds; what the verdict takes is what the one that holds says. */
function fromClauses(group: RuleGroup, kind: string, lowering: Lowering): Decided {
  const clauses = group.clauses.flatMap((clause) => lowerClause(clause, kind, lowering) ?? []);
  const [only] = clauses;
  const span = clauseSpan(group.clauses[0]!);
  if (only === undefined) return { condition: literal(false, span), params: new Map(), closed: (expr) => expr };
  if (clauses.length === 1) return only;
  const condition = node({ kind: "or", operands: clauses.map((clause) => clause.condition), absorbs: "none", span });
  const names = new Set(clauses.flatMap(({ params }) => [...params.keys()]));
  const params = [...names].map((name): [string, Expr] => {
    const options = clauses.flatMap((clause) => {
      const value = clause.params.get(name);
      return value === undefined ? [] : [whenHolds(clause, value)];
    });
    // Of a set any member will do; of a document all that hold must say the same.
    return [name, node({ kind: group.kind === "set" ? "firstDefined" : "agreement", options, span })];
  });
  return { condition, params: new Map(params), closed: (expr) => expr };
}

function clauseSpan({ rule, unit }: Clause): Expr["span"] {
  return unit.findings.spanOf(rule);
}

interface LoweredClause extends Decided {
  readonly steps: readonly Query[];
}

/** `undefined`: its value is false, so that it never decides. */
function lowerClause(clause: Clause, kind: string, lowering: Lowering): LoweredClause | undefined {
  const { rule } = clause;
  const value = rule.head.key ?? rule.head.value;
  if (value?.kind === "scalar" && value.value === false) return undefined;
  const terms = paramTerms(value, kind, clause);
  const scope: Scope = { ...fileScope(silent(clause.unit), lowering), rule, inlines: true };
  const { steps, heads } = lowering.lowerBody(rule.body ?? [], [...terms.values()], scope);
  const params = new Map(
    [...terms.keys()].flatMap((name, i) => (heads[i] === undefined ? [] : [[name, heads[i]] as const])),
  );
  const text = verdictParams.get(kind)?.text;
  const said = text === undefined ? undefined : params.get(text);
  const span = clauseSpan(clause);
  const holds = said !== undefined && value?.kind !== "object" && !isText(said) ? [guarded(said)] : [];
  const all = [...steps, ...holds];
  const bound = new Set(all.flatMap(namesBoundBy));
  const closed = (expr: Expr): Expr => (usesNames(expr, bound) ? firstOf(all, expr) : expr);
  return { condition: conditionOf(all, span), params, closed, steps: all };
}

/** What is wrong with a body is told where its document is lowered. */
function silent(unit: Unit): Unit {
  return { ...unit, findings: new Findings(unit.findings.file, unit.findings.text) };
}

/** A value that may be false decides only where it is not. */
function guarded(value: Expr): Query {
  return node({ kind: "guard", condition: holdsOf(value), absorbs: "none", span: value.span });
}

function isText(expr: Expr): boolean {
  if (expr.kind === "template") return true;
  if (expr.kind === "call") return expr.name === "rego.sprintf" || expr.name === "rego.concat";
  return expr.kind === "literal" && expr.type === "string";
}

function firstOf(steps: readonly Query[], value: Expr): Expr {
  const emit: Query = node({ kind: "emit", key: undefined, value, span: value.span });
  return node({ kind: "query", body: [...steps, emit], collect: "first", span: value.span });
}

function whenHolds({ steps }: LoweredClause, value: Expr): Expr {
  return steps.length === 0 ? value : firstOf(steps, value);
}

/** What the value of a clause says of the verdict: the fields of an object, or its text. */
function paramTerms(value: Term | undefined, kind: string, { unit }: Clause): ReadonlyMap<string, Term> {
  if (value === undefined || (value.kind === "scalar" && value.value === true)) return new Map();
  if (value.kind === "object") {
    return new Map(
      value.entries.flatMap(([key, each]) => {
        const name = keyText(key);
        return name === undefined || name === "verdict" ? [] : [[name, each] as const];
      }),
    );
  }
  const { text, params } = verdictParams.get(kind) ?? { params: [] };
  if (text !== undefined) return new Map([[text, value]]);
  unit.findings.error({
    code: "ACT-R006",
    at: value,
    summary: `the value of a rule that says \`${kind}\` is an object`,
    help: params.length === 0 ? "or `true`" : `with ${params.map((name) => `\`${name}\``).join(", ")}`,
  });
  return new Map();
}

/** Where there is an `else`, or a default that decides: the value of the document says it all. */
function fromDocument(group: RuleGroup, kind: string, span: Expr["span"]): Decided {
  const document = node({ kind: "document", name: group.name, span });
  const values = group.clauses.flatMap(({ rule }) => [rule.head.value, ...rule.elses.map(({ value }) => value)]);
  const objects = values.filter((value) => value?.kind === "object");
  const names = new Set(objects.flatMap(({ entries }) => entries.flatMap(([key]) => keyText(key) ?? [])));
  const { text } = verdictParams.get(kind) ?? {};
  const params: readonly (readonly [string, Expr])[] =
    objects.length > 0
      ? [...names].map((name) => [name, field(document, name, "undefined", span)])
      : text === undefined
        ? []
        : [[text, document]];
  return { condition: holdsOf(document), params: new Map(params), closed: (expr) => expr };
}

/** Does it name a definition? */
export function usesDefinitions({ condition, verdict }: DecidingRule): boolean {
  return [condition, ...exprsOf(verdict)].some((expr) =>
    someExpr(expr, ({ kind }) => kind === "document" || kind === "invoke"),
  );
}

function exprsOf(value: unknown): readonly Expr[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(exprsOf);
  const below = Object.entries(value).filter(([key]) => key !== "span");
  return below.flatMap(([, each]) => (isExpr(each) ? [each] : exprsOf(each)));
}

function isExpr(value: unknown): value is Expr {
  return typeof value === "object" && value !== null && "kind" in value && "span" in value;
}
