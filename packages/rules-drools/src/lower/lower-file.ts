import type { JsonObject } from "@acteon/core";
import type { Findings, Rule } from "@acteon/rules";
import { Cursor } from "../syntax/cursor.ts";
import type { DrlFile, DrlRule } from "../syntax/ast.ts";
import { grammar } from "../syntax/grammar.ts";
import { parseConsequence } from "../syntax/parse-consequence.ts";
import type { Token } from "../syntax/token.ts";
import { readCatalog, ofKind } from "./catalog.ts";
import { checkFunction } from "./inline-function.ts";
import { checkQuery } from "./inline-query.ts";
import { lowerConjuncts } from "./lower-conjuncts.ts";
import { lowerElement } from "./lower-element.ts";
import { lowerRule, withActivationGroups } from "./lower-rule.ts";
import { lowerValue } from "./lower-value.ts";
import { Budget, elementOf, UniqueNames } from "./lowering.ts";
import type { Lowering, Ways } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { isVerdict } from "./verdict.ts";

const ways: Ways = { value: lowerValue, conjuncts: lowerConjuncts, element: lowerElement };

/** The rules of a file. What is declared in it is checked, whether rules use it or not. */
export function lowerFile(
  findings: Findings,
  file: DrlFile,
  tokens: readonly Token[],
  data: JsonObject,
): readonly Rule[] {
  const catalog = readCatalog(file, data, findings);
  const budget = new Budget(findings);
  const loweringOf = (rule: string): Lowering => ({
    source: findings,
    catalog,
    data,
    scope: new Scope(),
    fact: undefined,
    guards: undefined,
    onOuterName: undefined,
    rule,
    unique: new UniqueNames(),
    budget,
    calls: [],
    ways,
  });
  for (const each of catalog.functions.values()) checkFunction(each, loweringOf(""));
  for (const each of catalog.queries.values()) checkQuery(each, loweringOf(""));
  for (const { pattern } of catalog.windows.values()) {
    if (pattern !== undefined) elementOf({ ...pattern, over: undefined }, loweringOf(""));
  }
  const rules = ofKind(file.statements, "rule");
  const bases = new Set(rules.map(({ parent }) => parent?.text));
  const cursor = new Cursor(findings, tokens, grammar);
  const lowered = rules.flatMap((rule) =>
    lowerOne(rule, bases.has(rule.name.text), cursor, loweringOf(rule.name.text)),
  );
  return withActivationGroups(lowered);
}

function lowerOne(rule: DrlRule, isBase: boolean, cursor: Cursor, lowering: Lowering) {
  const { consequence } = rule;
  if (consequence === undefined) return [];
  return lowerRule(rule, parseConsequence(cursor, consequence, isVerdict), isBase, lowering) ?? [];
}
