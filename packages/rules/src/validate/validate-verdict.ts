import { isJsonArray, isJsonObject } from "@acteon/core";
import type { Diagnostic, JsonValue, Span } from "@acteon/core";
import { constantValue } from "../compile/compile-expr.ts";
import { splitGate } from "../compile/split-gate.ts";
import { errorAt } from "../diagnostics/finding.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { Mutation, Verdict } from "../ir/verdict.ts";
import { toJson } from "../values/text.ts";
import { Duration, numberOf } from "../values/value.ts";
import { validateExpr } from "./validate-expr.ts";
import type { ExprChecks } from "./validate-expr.ts";

/** The expressions of a verdict, in source order. */
export function verdictExpressions(verdict: Verdict): readonly Expr[] {
  return optionalExpressions(verdict).filter((expr) => expr !== undefined);
}

function optionalExpressions(verdict: Verdict): readonly (Expr | undefined)[] {
  switch (verdict.kind) {
    case "deny":
      return [verdict.reason];
    case "deduplicate":
      return [verdict.key, verdict.ttl];
    case "suppress":
      return [verdict.reason, verdict.duration];
    case "reroute":
      return [verdict.to];
    case "throttle":
      return [verdict.limit, verdict.window];
    case "modify":
      return verdict.mutations.map((each) =>
        each.op === "merge" ? each.patch : each.op === "set" ? each.value : undefined,
      );
    case "custom":
      return verdict.params.map(([, value]) => value);
    case "allow":
    case "state_machine":
    case "group":
    case "request_approval":
    case "chain":
    case "schedule":
      return [];
  }
}

export function validateVerdict(rule: Rule, checks: ExprChecks): readonly Diagnostic[] {
  const { verdict } = rule;
  return [
    ...verdictExpressions(verdict).flatMap((expr) => validateExpr(expr, checks)),
    ...verdictFindings(rule, verdict),
  ];
}

function verdictFindings(rule: Rule, verdict: Verdict): readonly Diagnostic[] {
  switch (verdict.kind) {
    case "allow":
    case "deny":
    case "custom":
      return [];
    case "deduplicate":
      return durationFindings(verdict.ttl);
    case "suppress":
      return durationFindings(verdict.duration);
    case "reroute": {
      const to = constantValue(verdict.to);
      if (to === undefined || (typeof to === "string" && to !== "")) return [];
      return [errorAt("ACT-R006", verdict.to.span, { summary: "the provider to reroute to is no name" })];
    }
    case "throttle":
      return [...limitFindings(verdict.limit), ...throttleWindowFindings(rule, verdict.window)];
    case "modify":
      return verdict.mutations.flatMap(mutationFindings);
    case "state_machine":
    case "group":
    case "request_approval":
    case "chain":
    case "schedule":
      return [
        errorAt("ACT-R012", verdict.span, {
          summary: `the verdict \`${verdict.kind}\` is not built yet`,
          label: "this version of Acteon cannot do it",
          help: "take the rule out for now",
        }),
      ];
  }
}

function durationFindings(expr: Expr | undefined): readonly Diagnostic[] {
  const value = expr === undefined ? undefined : constantValue(expr);
  if (expr === undefined || value === undefined || (value instanceof Duration && value.ms >= 1)) return [];
  return [
    value instanceof Duration
      ? errorAt("ACT-R007", expr.span, { summary: "out_of_range: a time must be a millisecond or longer" })
      : errorAt("ACT-R006", expr.span, { summary: "this is no duration", help: "durations read `30s`, `5m`, `1h30m`" }),
  ];
}

function limitFindings(expr: Expr): readonly Diagnostic[] {
  const value = constantValue(expr);
  if (value === undefined) return [];
  const limit = Number(numberOf(value) ?? Number.NaN);
  if (Number.isSafeInteger(limit) && limit >= 0) return [];
  return [errorAt("ACT-R007", expr.span, { summary: "out_of_range: a limit must be a whole number of 0 or more" })];
}

function throttleWindowFindings(rule: Rule, window: Expr | undefined): readonly Diagnostic[] {
  if (window !== undefined) return durationFindings(window);
  if (splitGate(rule).gate !== undefined) return [];
  return [
    errorAt("ACT-R005", rule.verdict.span, {
      summary: "a throttle needs a window",
      label: "how many pass is limited, but not in what time",
    }),
  ];
}

/** Names that must never be written to (guarantees S8, §8 row 56). */
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function mutationFindings(mutation: Mutation): readonly Diagnostic[] {
  switch (mutation.op) {
    case "merge": {
      const patch = constantValue(mutation.patch);
      const key = patch === undefined ? undefined : forbiddenKeyIn(toJson(patch));
      return key === undefined ? [] : [forbidden(key, mutation.patch.span)];
    }
    case "set":
    case "remove":
      return pathFindings(mutation.path, mutation.span);
    case "rename":
      return [...pathFindings(mutation.path, mutation.span), ...pathFindings(mutation.to, mutation.span)];
  }
}

function pathFindings(path: readonly string[], span: Span): readonly Diagnostic[] {
  if (path.length === 0) return [errorAt("ACT-R017", span, { summary: "a path into the payload must not be empty" })];
  const key = path.find((each) => forbiddenKeys.has(each));
  return key === undefined ? [] : [forbidden(key, span)];
}

function forbidden(key: string, span: Span): Diagnostic {
  return errorAt("ACT-R017", span, {
    summary: `forbidden_key: a rule must not write to \`${key}\``,
    label: "this name is not allowed in a modification",
  });
}

export function forbiddenKeyIn(json: JsonValue): string | undefined {
  if (isJsonArray(json)) {
    for (const item of json) {
      const key = forbiddenKeyIn(item);
      if (key !== undefined) return key;
    }
    return undefined;
  }
  if (!isJsonObject(json)) return undefined;
  for (const [key, value] of Object.entries(json)) {
    const found = forbiddenKeys.has(key) ? key : forbiddenKeyIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
