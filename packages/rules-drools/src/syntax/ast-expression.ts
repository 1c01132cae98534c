import type { Extent } from "@acteon/rules";

/** What every expression has: its extent, and the levels of it, itself included: 1 of a literal. */
interface Node extends Extent {
  readonly depth: number;
}

/** A name where it stands. */
export interface Word extends Extent {
  readonly text: string;
}

/** `java.util.Map<String, Integer>[]`: of type arguments nothing is kept. */
export interface TypeName extends Word {
  /** The last of its names. */
  readonly simple: string;
}

export type DrlExpr =
  | DrlLiteral
  | DrlName
  | DrlThis
  | DrlSelect
  | DrlCall
  | DrlIndex
  | DrlGroup
  | DrlCast
  | DrlUnary
  | DrlBinary
  | DrlRelation
  | DrlIn
  | DrlInstanceof
  | DrlLogic
  | DrlConditional
  | DrlBinding
  | DrlList
  | DrlMap
  | DrlJava
  | DrlHole;

export type DrlLiteral = Node & { readonly kind: "literal" } & DrlConstant;

export type DrlConstant =
  | { readonly type: "null"; readonly value: null }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  /** `5m`, `1h30m`. */
  | { readonly type: "duration"; readonly ms: number }
  /** `*` and `-*`, as parameters of a temporal operator. */
  | { readonly type: "infinity"; readonly negative: boolean };

export interface DrlName extends Node {
  readonly kind: "name";
  readonly name: string;
}

export interface DrlThis extends Node {
  readonly kind: "this";
}

/** `of.field`, and `of!.field`, which does not hold where `of` is null. */
export interface DrlSelect extends Node {
  readonly kind: "select";
  readonly of: DrlExpr;
  readonly nullSafe: boolean;
  readonly field: Word;
}

export interface DrlCall extends Node {
  readonly kind: "call";
  readonly of: DrlExpr | undefined;
  readonly nullSafe: boolean;
  readonly name: Word;
  readonly args: readonly DrlExpr[];
}

export interface DrlIndex extends Node {
  readonly kind: "index";
  readonly of: DrlExpr;
  readonly at: DrlExpr;
}

/** `of.( constraint, constraint )`. */
export interface DrlGroup extends Node {
  readonly kind: "group";
  readonly of: DrlExpr;
  readonly nullSafe: boolean;
  readonly constraints: readonly DrlExpr[];
}

/** `of#Type`, `(Type) of`. */
export interface DrlCast extends Node {
  readonly kind: "cast";
  readonly of: DrlExpr;
  readonly type: TypeName;
}

export interface DrlUnary extends Node {
  readonly kind: "unary";
  readonly op: "!" | "-" | "+";
  readonly operand: DrlExpr;
}

export interface DrlBinary extends Node {
  readonly kind: "binary";
  readonly op: "+" | "-" | "*" | "/" | "%";
  readonly left: DrlExpr;
  readonly right: DrlExpr;
}

/** An operator of a restriction: `==`, `not matches`, `after[1m, 5m]`, `str[startsWith]`. */
export interface DrlOperator extends Word {
  readonly negated: boolean;
  /** In square brackets. */
  readonly parameters: readonly DrlExpr[];
}

/** A restriction with the value that it restricts; the short forms `x > 1 && < 5` are two of them. */
export interface DrlRelation extends Node {
  readonly kind: "relation";
  readonly operator: DrlOperator;
  readonly left: DrlExpr;
  readonly right: DrlExpr;
}

export interface DrlIn extends Node {
  readonly kind: "in";
  readonly negated: boolean;
  readonly item: DrlExpr;
  readonly items: readonly DrlExpr[];
}

export interface DrlInstanceof extends Node {
  readonly kind: "instanceof";
  readonly of: DrlExpr;
  readonly type: TypeName;
}

/** As many operands as stand side by side. */
export interface DrlLogic extends Node {
  readonly kind: "logic";
  readonly op: "&&" | "||";
  readonly operands: readonly DrlExpr[];
}

export interface DrlConditional extends Node {
  readonly kind: "conditional";
  readonly condition: DrlExpr;
  readonly whenTrue: DrlExpr;
  readonly otherwise: DrlExpr;
}

/** `$name : value`. */
export interface DrlBinding extends Node {
  readonly kind: "binding";
  readonly name: Word;
  readonly value: DrlExpr;
}

export interface DrlList extends Node {
  readonly kind: "list";
  readonly items: readonly DrlExpr[];
}

export interface DrlMap extends Node {
  readonly kind: "map";
  readonly entries: readonly (readonly [key: DrlExpr, value: DrlExpr])[];
}

/** An expression of Java that is no expression of rules: `new X()`, `a++`, `x | y`. It is read, and has no meaning. */
export interface DrlJava extends Node {
  readonly kind: "java";
  /** As it is called in a message. */
  readonly construct: string;
}

/** Where something could not be read, or is outside the dialect, which was reported. */
export interface DrlHole extends Node {
  readonly kind: "hole";
}

/** The expressions right below an expression, in source order. */
export function childrenOf(expr: DrlExpr): readonly DrlExpr[] {
  switch (expr.kind) {
    case "literal":
    case "name":
    case "this":
    case "java":
    case "hole":
      return [];
    case "select":
    case "cast":
    case "instanceof":
      return [expr.of];
    case "call":
      return expr.of === undefined ? expr.args : [expr.of, ...expr.args];
    case "index":
      return [expr.of, expr.at];
    case "group":
      return [expr.of, ...expr.constraints];
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "relation":
      return [expr.left, ...expr.operator.parameters, expr.right];
    case "in":
      return [expr.item, ...expr.items];
    case "logic":
      return expr.operands;
    case "conditional":
      return [expr.condition, expr.whenTrue, expr.otherwise];
    case "binding":
      return [expr.value];
    case "list":
      return expr.items;
    case "map":
      return expr.entries.flat();
  }
}

/** Of `a.b.c` the names; `undefined` of anything else. */
export function dottedName(expr: DrlExpr): readonly string[] | undefined {
  if (expr.kind === "name") return [expr.name];
  const of = expr.kind === "select" ? dottedName(expr.of) : undefined;
  return expr.kind === "select" && of !== undefined ? [...of, expr.field.text] : undefined;
}
