import type { Expr } from "@acteon/rules";
import type { DrlSource } from "../source.ts";
import type { Word } from "../syntax/ast-expression.ts";
import type { Shape } from "./shape.ts";

/** A value, and what is known of it. */
export interface Operand {
  readonly expr: Expr;
  readonly shape: Shape;
}

export type Binding =
  | { readonly kind: "value"; readonly operand: Operand; readonly size: number }
  /** A parameter of a query that was called with a name that has no value yet: the query gives it one. */
  | { readonly kind: "unbound"; readonly name: Word; readonly source: DrlSource }
  /** Only one branch of an `or` binds it. */
  | { readonly kind: "sometimes" };

export interface Found {
  readonly binding: Binding;
  readonly scope: Scope;
}

/** The names that are bound at a place, and those of the places around it. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #own = new Map<string, Binding>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  find(name: string): Found | undefined {
    const binding = this.#own.get(name);
    return binding === undefined ? this.#outer?.find(name) : { binding, scope: this };
  }

  set(name: string, binding: Binding): void {
    this.#own.set(name, binding);
  }

  /** The names that are bound here itself. */
  get own(): ReadonlyMap<string, Binding> {
    return this.#own;
  }

  /** Every name that is known here, for a suggestion. */
  names(): readonly string[] {
    return [...this.#own.keys(), ...(this.#outer?.names() ?? [])];
  }
}
