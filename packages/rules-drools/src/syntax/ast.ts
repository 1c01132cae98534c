import type { Extent } from "@acteon/rules";
import type { DrlCondition, DrlPattern } from "./ast-condition.ts";
import type { DrlExpr, TypeName, Word } from "./ast-expression.ts";

/** A file: its statements, in their order. */
export interface DrlFile {
  readonly statements: readonly DrlStatement[];
}

export type DrlStatement =
  /** Packages, units and imports name Java, which rules do not have: they are read, and mean nothing. */
  | (Extent & { readonly kind: "package" | "unit" | "import"; readonly name: string })
  | DrlGlobal
  | DrlFunction
  | DrlDeclaration
  | DrlWindowDeclaration
  | DrlQuery
  | DrlRule
  /** In front of the rules: an attribute of each of them. */
  | (Extent & { readonly kind: "attribute"; readonly attribute: DrlAttribute });

export interface DrlGlobal extends Extent {
  readonly kind: "global";
  readonly name: Word;
}

export interface DrlParameter extends Extent {
  readonly type: TypeName | undefined;
  readonly name: Word;
}

export interface DrlFunction extends Extent {
  readonly kind: "function";
  readonly name: Word;
  readonly parameters: readonly DrlParameter[];
  /** What it returns; a hole where its body is outside the dialect. */
  readonly result: DrlExpr;
}

export interface DrlDeclaration extends Extent {
  readonly kind: "declare";
  readonly name: Word;
  readonly parents: readonly TypeName[];
  readonly annotations: readonly DrlAnnotation[];
  readonly fields: readonly DrlField[];
  /** Of an enum. */
  readonly constants: readonly Word[];
}

export interface DrlField extends Extent {
  readonly name: Word;
  readonly type: TypeName;
  readonly initial: DrlExpr | undefined;
}

export interface DrlWindowDeclaration extends Extent {
  readonly kind: "window";
  readonly name: Word;
  readonly pattern: DrlPattern | undefined;
}

export interface DrlQuery extends Extent {
  readonly kind: "query";
  readonly name: Word;
  readonly parameters: readonly DrlParameter[];
  readonly conditions: readonly DrlCondition[];
}

export interface DrlRule extends Extent {
  readonly kind: "rule";
  readonly name: Word;
  readonly parent: Word | undefined;
  readonly annotations: readonly DrlAnnotation[];
  readonly attributes: readonly DrlAttribute[];
  readonly conditions: readonly DrlCondition[];
  /** What stands behind `then`, as it is: it is Java, most of the time elsewhere. `undefined`: it was not reached. */
  readonly consequence: DrlConsequence | undefined;
}

/** Tokens `from` to `until`, exclusive. */
export interface DrlConsequence extends Extent {
  readonly from: number;
  readonly until: number;
}

/** `@name( … )`. */
export interface DrlAnnotation extends Extent {
  readonly name: Word;
  /** What stands in its parentheses, as it is. */
  readonly value: string | undefined;
}

export type DrlAttribute = Extent & {
  readonly name: Word;
  readonly value:
    | { readonly kind: "expression"; readonly expr: DrlExpr }
    | { readonly kind: "text"; readonly text: string }
    /** A timer: what it says is of no account. */
    | { readonly kind: "chunk" };
};
