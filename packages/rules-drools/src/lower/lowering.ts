import type { JsonObject, Span } from "@acteon/core";
import { childrenOf, literal, node, sameIr } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { DrlSource } from "../source.ts";
import type { DrlCondition } from "../syntax/ast-condition.ts";
import type { DrlExpr, Word } from "../syntax/ast-expression.ts";
import type { Catalog } from "./catalog.ts";
import { anyShape } from "./shape.ts";
import { Scope } from "./scope.ts";
import type { Binding, Operand } from "./scope.ts";

/** What is lowered in terms of itself: the files of the lowering reach each other through it. */
export interface Ways {
  readonly value: (expr: DrlExpr, lowering: Lowering) => Operand;
  readonly conjuncts: (expr: DrlExpr, lowering: Lowering) => readonly Expr[];
  readonly element: (condition: DrlCondition, lowering: Lowering) => Element;
}

/** An element of a left-hand side: what it asks, and the fact that it finds, where it finds one. */
export interface Element {
  readonly steps: readonly Query[];
  readonly fact: Operand | undefined;
}

/** What the lowering of a part of a rule has in hand. */
export interface Lowering {
  readonly source: DrlSource;
  readonly catalog: Catalog;
  /** The configured documents. */
  readonly data: JsonObject;
  readonly scope: Scope;
  /** What `this` is, and whose fields are names: the fact of a pattern. */
  readonly fact: Operand | undefined;
  /** What must hold besides, because of `!.`; `undefined` where nothing asks. */
  readonly guards: Expr[] | undefined;
  /** Is told of each name that a pattern has from outside of it. */
  readonly onOuterName: (() => void) | undefined;
  /** The rule, for the keys of its windows. */
  readonly rule: string;
  readonly unique: UniqueNames;
  readonly budget: Budget;
  /** The queries and functions that are being filled in. */
  readonly calls: readonly string[];
  readonly ways: Ways;
}

/** Names for the IR, of which no two in a rule are the same: what is filled in must not catch names of its surroundings. */
export class UniqueNames {
  readonly #counts = new Map<string, number>();

  of(name: string): string {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count === 1 ? name : `${name}·${count}`;
  }
}

/** Most nodes, and characters of queries, functions and rules, that names stand for in a file, besides its length. */
const maxFilledIn = 100_000;

/** A few names that stand for each other several times stand for more than could ever be evaluated. */
export class Budget {
  #left: number;

  constructor({ text }: DrlSource) {
    this.#left = maxFilledIn + text.length;
  }

  /** `false`: there is not that much left, which was reported. */
  spend(cost: number, at: Extent, source: DrlSource): boolean {
    if (this.#left < 0) return false;
    this.#left -= cost;
    if (this.#left >= 0) return true;
    source.error({
      code: "ACT-R002",
      at,
      summary: "the rules of this file are too large",
      label: "what its names stand for is filled in where they are used",
    });
    return false;
  }
}

export function valueOf(expr: DrlExpr, lowering: Lowering): Operand {
  return lowering.ways.value(expr, lowering);
}

/** What must hold for a condition to hold, as conjuncts. */
export function conjunctsOf(expr: DrlExpr, lowering: Lowering): readonly Expr[] {
  return lowering.ways.conjuncts(expr, lowering);
}

export function elementOf(condition: DrlCondition, lowering: Lowering): Element {
  return lowering.ways.element(condition, lowering);
}

/** Gives a value a name. */
export function bind(name: Word, operand: Operand, lowering: Lowering): void {
  const { scope, source } = lowering;
  const earlier = scope.own.get(name.text);
  if (earlier?.kind === "value" && !sameIr(earlier.operand.expr, operand.expr)) {
    source.error({
      code: "ACT-R004",
      at: name,
      summary: `\`${name.text}\` is bound twice`,
      help: "give each value its own name, or compare them with `==`",
    });
  }
  scope.set(name.text, bindingOf(operand));
}

export function bindingOf(operand: Operand): Binding {
  return { kind: "value", operand, size: sizeOf(operand.expr) };
}

function sizeOf(expr: Expr): number {
  return childrenOf(expr).reduce((sum, child) => sum + sizeOf(child), 1);
}

/** The same place, with names of its own. */
export function within(lowering: Lowering): Lowering {
  return { ...lowering, scope: new Scope(lowering.scope) };
}

export function spanOf(at: Extent, { source }: Lowering): Span {
  return source.spanOf(at);
}

/** A built-in of the engine. */
export function called(name: string, args: readonly Expr[], span: Span): Expr {
  return node({ kind: "call", name, args: [...args], semantics: "drl", span });
}

export function negated(operand: Expr, span: Span): Expr {
  return node({ kind: "not", operand, semantics: "drl", span });
}

/** All of them; of none it is true. */
export function allOf(conjuncts: readonly Expr[], span: Span): Expr {
  const [only] = conjuncts;
  if (only === undefined) return literal(true, span);
  return conjuncts.length === 1 ? only : node({ kind: "and", operands: [...conjuncts], absorbs: "none", span });
}

/** `of!.name` does not hold where `of` is null. */
export function guardAgainstNull(left: Expr, { guards }: Lowering): void {
  const { span } = left;
  guards?.push(node({ kind: "compare", op: "ne", left, right: literal(null, span), semantics: "drl", span }));
}

/** What stands where something could not be understood, which was reported. */
export function unknown(at: Extent, lowering: Lowering): Operand {
  return { expr: literal(null, spanOf(at, lowering)), shape: anyShape };
}
