import { unreachable } from "@acteon/core";
import type { JsonValue, RuleRef } from "@acteon/core";
import { readsState } from "../ir/children.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { Custom, Modify, Reroute, Suppress } from "../ir/verdict.ts";
import { textOf, toJson } from "../values/text.ts";
import { EvalError, isValue } from "../values/value.ts";

import { compileChange } from "./compile-change.ts";
import { constantValue } from "./compile-expr.ts";
import { compileDeduplicate, compileThrottle } from "./compile-gate.ts";
import { compileWindow } from "./compile-state.ts";
import type { Compiler } from "./compiler.ts";
import { ending, executes, isEffect, modifying } from "./effect.ts";
import type { Effect, EvaluateEffect } from "./effect.ts";
import type { GateConjunct } from "./split-gate.ts";

/** The effect of a rule whose condition holds. An effect that is always the same is one object. */
export function compileEffect(
  rule: Rule,
  ref: RuleRef,
  gate: GateConjunct | undefined,
  compiler: Compiler,
): EvaluateEffect {
  const { verdict } = rule;
  switch (verdict.kind) {
    case "allow": {
      const effect = ending(ref, executes(ref, "allow"));
      return () => effect;
    }
    case "deny":
      return withText(verdict.reason, compiler, (reason) =>
        ending(ref, { kind: "suppress", verdict: "deny", rule: ref, reason, markMs: undefined }),
      );
    case "suppress":
      return compileSuppress(verdict, ref, compiler, readsState(rule.condition, rule.definitions));
    case "deduplicate":
      return compileDeduplicate(verdict, ref, gate?.kind === "seen" ? gate.seen : undefined, compiler);
    case "throttle":
      return compileThrottle(verdict, ref, gate?.kind === "counter" ? gate : undefined, compiler);
    case "reroute":
      return compileReroute(verdict, ref, compiler);
    case "modify":
      return compileModify(verdict, ref, compiler);
    case "custom":
      return compileCustom(verdict, ref, compiler);
    case "state_machine":
    case "group":
    case "request_approval":
    case "chain":
    case "schedule": {
      const notBuilt = new EvalError(`the verdict ${verdict.kind} is not built yet`, verdict.span);
      return () => notBuilt;
    }
    default:
      return unreachable(verdict);
  }
}

export function ruleRefOf({ name, span }: Pick<Rule, "name" | "span">): RuleRef {
  return { name, file: span.file, line: span.start.line };
}

/** An effect that a text goes into; null is no text. */
function withText(
  text: Expr | undefined,
  compiler: Compiler,
  make: (text: string | undefined) => Effect,
): EvaluateEffect {
  const constant = text === undefined ? null : constantValue(text);
  if (text === undefined || constant !== undefined) {
    const effect = make(constant === null || constant === undefined ? undefined : textOf(constant));
    return () => effect;
  }
  const run = compiler.compile(text);
  return (frame) => {
    const value = run(frame);
    if (!isValue(value)) return value;
    return make(value === null ? undefined : textOf(value));
  };
}

function compileSuppress(verdict: Suppress, rule: RuleRef, compiler: Compiler, asks: boolean): EvaluateEffect {
  const suppressing = (reason: string | undefined, markMs: number | undefined): Effect =>
    ending(rule, { kind: "suppress", verdict: "suppress", rule, reason, markMs });
  // Without a state-dependent part the mark would say nothing that the condition does not.
  if (verdict.duration === undefined || !asks) {
    return withText(verdict.reason, compiler, (reason) => suppressing(reason, undefined));
  }
  const duration = compileWindow(verdict.duration, compiler);
  const reason = withText(verdict.reason, compiler, (text) => suppressing(text, undefined));
  return (frame) => {
    const effect = reason(frame);
    // The mark is there: the rule goes on suppressing, and its time runs from when it fired.
    if (!isEffect(effect) || frame.answerTo({ kind: "suppression", rule: rule.name }) === 1) return effect;
    const markMs = duration(frame);
    if (!isValue(markMs)) return markMs;
    const { end } = effect;
    return typeof markMs === "number" && end?.kind === "suppress" ? suppressing(end.reason, markMs) : effect;
  };
}

function compileReroute({ to }: Reroute, rule: RuleRef, compiler: Compiler): EvaluateEffect {
  const noProvider = new EvalError("the provider to reroute to is no text", to.span);
  const constant = constantValue(to);
  if (typeof constant === "string") {
    const effect = ending(rule, executes(rule, "reroute", constant));
    return () => effect;
  }
  const run = compiler.compile(to);
  return (frame) => {
    const provider = run(frame);
    if (typeof provider === "string" && provider !== "") return ending(rule, executes(rule, "reroute", provider));
    return isValue(provider) ? noProvider : provider;
  };
}

function compileModify({ mutations, terminal }: Modify, rule: RuleRef, compiler: Compiler): EvaluateEffect {
  const changes = mutations.map((mutation) => compileChange(mutation, compiler));
  const end = terminal ? executes(rule, "modify") : undefined;
  return (frame) => {
    const computed = changes.map((change) => change(frame));
    const failed = computed.find((change) => typeof change !== "function");
    if (failed !== undefined) return failed;
    const modify = (payload: JsonValue): JsonValue | EvalError => {
      let changed = payload;
      for (const change of computed) {
        if (typeof change !== "function") continue;
        const next = change(changed);
        if (next instanceof EvalError) return next;
        changed = next;
      }
      return changed;
    };
    return modifying(rule, modify, end);
  };
}

function compileCustom({ handler, params }: Custom, rule: RuleRef, compiler: Compiler): EvaluateEffect {
  const runs = params.map(([name, value]) => [name, compiler.compile(value)] as const);
  return (frame) => {
    const values: [string, JsonValue][] = [];
    for (const [name, run] of runs) {
      const value = run(frame);
      if (!isValue(value)) return value;
      values.push([name, toJson(value)]);
    }
    return ending(rule, { kind: "custom", rule, handler, params: Object.fromEntries(values) });
  };
}
