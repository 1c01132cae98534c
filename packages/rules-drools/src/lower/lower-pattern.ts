import { node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import type { DrlPattern } from "../syntax/ast-condition.ts";
import { refuseNamed } from "../syntax/outside.ts";
import { guard, listOf } from "./body.ts";
import { actionType } from "./catalog.ts";
import { constraintsOf } from "./constraints.ts";
import { actionAt, shapeOf } from "./fields.ts";
import { callQuery } from "./inline-query.ts";
import { accumulated } from "./lower-accumulate.ts";
import { collectWindow, isWindowed } from "./lower-window.ts";
import { bind, called, elementOf, spanOf, unknown, valueOf, within } from "./lowering.ts";
import type { Element, Lowering } from "./lowering.ts";
import type { Operand } from "./scope.ts";
import { javaTypes, listTypes } from "./shape.ts";
import { typeTest, unknownType } from "./type-test.ts";

/** A fact that is looked for: where it comes from, and what is asked of it. */
export interface Sought {
  readonly fact: Operand;
  readonly source: readonly Query[];
  readonly constraints: readonly Query[];
}

export function lowerPattern(pattern: DrlPattern, lowering: Lowering): Element {
  const query = lowering.catalog.queries.get(pattern.type.text);
  if (query !== undefined && pattern.from === undefined) return callQuery(query, pattern, lowering);
  const { fact, source, constraints } = seek(pattern, lowering);
  return { steps: [...source, ...constraints], fact };
}

/** The fact of a pattern, bound where the pattern names it, with its constraints. */
export function seek(pattern: DrlPattern, lowering: Lowering): Sought {
  const { fact, source } = sourceOf(pattern, lowering);
  if (pattern.binding !== undefined) bind(pattern.binding, fact, lowering);
  return { fact, source, constraints: constraintsOf(pattern, { ...lowering, fact }).map(guard) };
}

function sourceOf(pattern: DrlPattern, lowering: Lowering): Pick<Sought, "fact" | "source"> {
  const { type, from } = pattern;
  if (from === undefined || from.kind === "window") return plainSource(pattern, lowering);
  const span = spanOf(type, lowering);
  const { simple } = type;
  const isKnown = simple === actionType || lowering.catalog.types.has(simple) || javaTypes.has(simple);
  if (!isKnown) unknownType(type, lowering);
  const name = lowering.unique.of(pattern.binding?.text ?? simple);
  const local = node({ kind: "local", name, span });
  switch (from.kind) {
    case "expression": {
      const { expr } = valueOf(from.expr, lowering);
      const over = expr.kind === "list" ? expr : called("elementsOf", [expr], expr.span);
      const scan = node({ kind: "scan", over, key: undefined, value: name, semantics: "drl", span: expr.span });
      const isAnything = javaTypes.get(simple)?.types.length === 0;
      const source = isAnything || !isKnown ? [scan] : [scan, guard(typeTest(local, type, type, lowering))];
      return { fact: { expr: local, shape: shapeOf(simple, lowering) }, source };
    }
    case "collect": {
      if (isKnown && !listTypes.has(simple)) {
        lowering.source.error({
          code: "ACT-R006",
          at: type,
          summary: `\`collect\` makes a list, and no \`${type.text}\``,
        });
      }
      const window = collectWindow(from.source, lowering);
      if (window !== undefined) return window;
      const { steps, fact } = elementOf(from.source, within(lowering));
      if (fact === undefined && from.source.kind !== "nothing") {
        const summary = "`collect` is of the facts of one pattern";
        lowering.source.error({ code: "ACT-R006", at: from.source, summary });
      }
      const value = listOf(steps, (fact ?? unknown(type, lowering)).expr, span);
      return { fact: { expr: local, shape: { kind: "list" } }, source: [bound(name, value)] };
    }
    case "accumulate": {
      const value = accumulated(from.source, from.function, lowering);
      return { fact: { expr: local, shape: shapeOf(simple, lowering) }, source: [bound(name, value)] };
    }
    case "nothing":
      return { fact: unknown(type, lowering), source: [] };
  }
}

function bound(name: string, value: Expr): Query {
  return node({ kind: "bind", name, value, span: value.span });
}

/** The action; there is no other fact. */
function plainSource(pattern: DrlPattern, lowering: Lowering): Pick<Sought, "fact" | "source"> {
  const { type } = pattern;
  const span = spanOf(type, lowering);
  if (isWindowed(pattern)) {
    const help = "count them: `accumulate( Action( … ) over window:time(5m); $n : count(); $n > 10 )`";
    refuseNamed(lowering.source, "a window whose facts are not counted", pattern.over ?? pattern, help);
  }
  if (type.simple === actionType) return { fact: actionAt(span), source: [] };
  if (lowering.catalog.types.has(type.simple) || javaTypes.has(type.simple)) {
    const help = `read it from the action, as in \`${type.text}( … ) from $a.payload.items\``;
    refuseNamed(lowering.source, `a fact \`${type.text}\` besides the action`, type, help);
  } else {
    unknownType(type, lowering);
  }
  return { fact: unknown(type, lowering), source: [] };
}
