import { didYouMean, durationLiteral, literal, node, sameIr, windowOf } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import { muted, nearest } from "../source.ts";
import type { DrlCondition, DrlFunctionCall, DrlPattern, DrlWindow } from "../syntax/ast-condition.ts";
import type { DrlExpr } from "../syntax/ast-expression.ts";
import { refuseNamed } from "../syntax/outside.ts";
import { guard } from "./body.ts";
import { actionType } from "./catalog.ts";
import { actionAt } from "./fields.ts";
import { bind, called, conjunctsOf, spanOf, unknown, valueOf, within } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { compared } from "./methods.ts";
import type { Operand } from "./scope.ts";

/**
 * A window is a counter of the store: the action that is being decided counts if it matches the pattern, and the rule
 * holds for such actions only. What a constraint compares with a name from outside of the pattern parts the counter: of
 * `payload.service == $service` each service has its own.
 */
interface Counted {
  readonly guards: readonly Query[];
  readonly count: Operand;
}

export function isWindowed({ over, from }: DrlPattern): boolean {
  return over !== undefined || from?.kind === "window";
}

/** `accumulate( Action( … ) over window:time(5m); $n : count() )`; `undefined`: the source has no window. */
export function countWindow(
  source: DrlCondition,
  calls: readonly DrlFunctionCall[],
  lowering: Lowering,
): readonly Query[] | undefined {
  if (source.kind !== "pattern" || !isWindowed(source)) return undefined;
  const { guards, count } = counted(source, lowering);
  for (const { binding, name } of calls) {
    if (name.text !== "count") {
      refuseNamed(
        lowering.source,
        `\`${name.text}\` over a window`,
        name,
        "what is in a window can be counted: `count()`",
      );
    }
    if (binding !== undefined) bind(binding, { ...count, shape: { kind: "number" } }, lowering);
  }
  return guards;
}

/** `List( size > 10 ) from collect( Action( … ) over window:time(5m) )`. */
export function collectWindow(
  source: DrlCondition,
  lowering: Lowering,
): { readonly fact: Operand; readonly source: readonly Query[] } | undefined {
  if (source.kind !== "pattern" || !isWindowed(source)) return undefined;
  const { guards, count } = counted(source, lowering);
  return { fact: count, source: guards };
}

function counted(pattern: DrlPattern, lowering: Lowering): Counted {
  const patterns = withDeclared(pattern, lowering);
  const over = patterns.find((each) => each.over !== undefined)?.over;
  for (const each of patterns) checkCounted(each, lowering);
  const span = spanOf(pattern, lowering);
  const fact = actionAt(span);
  const inner = { ...within(lowering), fact };
  const parts: Expr[] = [];
  const guards = patterns.flatMap((each) => {
    if (each.binding !== undefined) bind(each.binding, fact, inner);
    const constraints = each.constraints.flatMap(conjunctsOfAnd);
    return constraints.flatMap((constraint) => lowerConstraint(constraint, parts, inner));
  });
  const expr =
    over === undefined ? unknown(pattern, lowering).expr : counterOf(over, keyOf(parts, pattern, lowering), lowering);
  return { guards: guards.map(guard), count: { expr, shape: { kind: "counted" } } };
}

/** The pattern, and that of the window that it is from. */
function withDeclared(pattern: DrlPattern, { catalog, source }: Lowering): readonly DrlPattern[] {
  const { from } = pattern;
  if (from?.kind !== "window") return [pattern];
  const declared = catalog.windows.get(from.name.text)?.pattern;
  if (declared !== undefined) return [declared, pattern];
  source.error({
    code: "ACT-R024",
    at: from.name,
    summary: `no window \`${from.name.text}\` is declared`,
    ...didYouMean(nearest(source, from.name.text, () => catalog.windows.keys())),
  });
  return [pattern];
}

function checkCounted({ type, from, positional }: DrlPattern, { source }: Lowering): void {
  const isPlain = from === undefined || from.kind === "window" || from.kind === "nothing";
  if (type.simple === actionType && positional.length === 0 && isPlain) return;
  refuseNamed(source, "a window of anything but actions", type, "as in `Action( … ) over window:time(5m)`");
}

function conjunctsOfAnd(expr: DrlExpr): readonly DrlExpr[] {
  return expr.kind === "logic" && expr.op === "&&" ? expr.operands.flatMap(conjunctsOfAnd) : [expr];
}

/** What is asked of the action, or, of a comparison with a name from outside, a part of the key. */
function lowerConstraint(constraint: DrlExpr, parts: Expr[], lowering: Lowering): readonly Expr[] {
  let usesOuter = false;
  const onOuterName = (): void => {
    usesOuter = true;
  };
  const isOuter = (expr: DrlExpr): boolean => {
    usesOuter = false;
    valueOf(expr, { ...lowering, source: muted(lowering.source), onOuterName });
    return usesOuter;
  };
  if (constraint.kind === "relation" && constraint.operator.text === "==") {
    const { left, right } = constraint;
    const [a, b] = [isOuter(left), isOuter(right)];
    if (a !== b) {
      const own = valueOf(a ? right : left, lowering).expr;
      const other = valueOf(a ? left : right, lowering).expr;
      parts.push(other);
      return sameIr(own, other) ? [] : [compared("eq", own, other, spanOf(constraint, lowering))];
    }
  }
  usesOuter = false;
  const conjuncts = conjunctsOf(constraint, { ...lowering, onOuterName });
  if (usesOuter) {
    const help = "what an action was in a window of another one is not known: compare it with `==`, which counts apart";
    refuseNamed(lowering.source, "this comparison inside of a window", constraint, help);
  }
  return conjuncts;
}

/** By the rule, and by what its counter is parted by: as a list, so that no two lists of values have one text. */
function keyOf(parts: readonly Expr[], at: DrlPattern, lowering: Lowering): Expr {
  const span = spanOf(at, lowering);
  const name = literal(lowering.unique.of(`window:${lowering.rule}`), span);
  if (parts.length === 0) return name;
  return node({
    kind: "template",
    parts: [name, node({ kind: "list", items: [...parts], span })],
    ofNull: "error",
    span,
  });
}

/** A window of so many facts is one that has no end, and is never fuller than that. */
const lengthWindowMs = 365 * 86_400_000;

function counterOf({ name, args, ...place }: DrlWindow, key: Expr, lowering: Lowering): Expr {
  const span = spanOf(place, lowering);
  const counter = (window: Expr): Expr => node({ kind: "stateCounter", key, window, span });
  const [arg] = args;
  const value = arg === undefined ? undefined : windowOf(valueOf(arg, lowering).expr);
  switch (name.text) {
    case "time":
      if (value?.kind === "literal" && value.type === "duration") return counter(value);
      return wrongWindow(place, "`window:time` takes a time, as in `window:time(5m)`", lowering);
    case "length":
      if (value?.kind === "literal" && value.type === "int") {
        return called("least", [counter(durationLiteral(lengthWindowMs, span)), value], span);
      }
      return wrongWindow(place, "`window:length` takes a number, as in `window:length(10)`", lowering);
    default: {
      const near = nearest(lowering.source, name.text, () => ["time", "length"]);
      lowering.source.error({
        code: "ACT-R013",
        at: name,
        summary: `there is no window \`${name.text}\``,
        ...(near === undefined ? { help: "a window is `time` or `length`" } : didYouMean(near)),
      });
      return unknown(place, lowering).expr;
    }
  }
}

function wrongWindow(at: { readonly start: number; readonly end: number }, summary: string, lowering: Lowering): Expr {
  lowering.source.error({ code: "ACT-R006", at, summary });
  return unknown(at, lowering).expr;
}
