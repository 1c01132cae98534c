/** What every node has: its extent, offsets in UTF-16 units, `end` exclusive. */
interface Node {
  readonly start: number;
  readonly end: number;
  /** Levels of nodes, itself included: 1 of a literal. */
  readonly depth: number;
}

/** An expression as it was written; macros are calls. Operators are calls by the names that CEL gives them (`_+_`). */
export type CelExpr = CelLiteral | CelName | CelSelect | CelLogic | CelCall | CelList | CelMap | CelMessage | CelHole;

export type CelLiteral = Node & { readonly kind: "literal" } & CelConstant;

export type CelConstant =
  | { readonly type: "null"; readonly value: null }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int" | "uint"; readonly value: bigint }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "bytes"; readonly value: Uint8Array };

export interface CelName extends Node {
  readonly kind: "name";
  /** With its dot, where it begins with one. */
  readonly name: string;
}

/** `of.field`. */
export interface CelSelect extends Node {
  readonly kind: "select";
  readonly of: CelExpr;
  readonly field: string;
  readonly fieldStart: number;
}

/** As many operands as stand side by side. */
export interface CelLogic extends Node {
  readonly kind: "logic";
  readonly op: "&&" | "||";
  readonly operands: readonly CelExpr[];
}

export interface CelCall extends Node {
  readonly kind: "call";
  readonly name: string;
  /** Where the name stands; of an operator, the operator. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Of `target.name(…)`. */
  readonly target: CelExpr | undefined;
  readonly args: readonly CelExpr[];
}

export interface CelList extends Node {
  readonly kind: "list";
  readonly items: readonly { readonly value: CelExpr; readonly optional: boolean }[];
}

export interface CelMap extends Node {
  readonly kind: "map";
  readonly entries: readonly { readonly key: CelExpr; readonly value: CelExpr; readonly optional: boolean }[];
}

export interface CelMessage extends Node {
  readonly kind: "message";
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: CelExpr; readonly optional: boolean }[];
}

/** Where something could not be read, which was reported. */
export interface CelHole extends Node {
  readonly kind: "hole";
}

/** The nodes right below a node, in source order. */
export function childrenOf(expr: CelExpr): readonly CelExpr[] {
  switch (expr.kind) {
    case "literal":
    case "name":
    case "hole":
      return [];
    case "select":
      return [expr.of];
    case "logic":
      return expr.operands;
    case "call":
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case "list":
      return expr.items.map(({ value }) => value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "message":
      return expr.fields.map(({ value }) => value);
  }
}

/** Of `a.b.c` the names; `undefined` of anything else. */
export function dottedName(expr: CelExpr): readonly string[] | undefined {
  if (expr.kind === "name") return [expr.name];
  const of = expr.kind === "select" ? dottedName(expr.of) : undefined;
  return expr.kind === "select" && of !== undefined ? [...of, expr.field] : undefined;
}
