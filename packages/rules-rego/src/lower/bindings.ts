import type { Expr } from "@acteon/rules";

/** The names that have a value at a place of a body; those around it, too, which the body does not declare anew. */
export class Bindings {
  readonly #around: Bindings | undefined;
  readonly #hidden: ReadonlySet<string>;
  /** With the expression that stands for the name, where no variable is made of it. */
  readonly #own = new Map<string, Expr | undefined>();

  constructor(around: Bindings | undefined, hidden: ReadonlySet<string>) {
    this.#around = around;
    this.#hidden = hidden;
  }

  has(name: string): boolean {
    return this.#own.has(name) || (!this.#hidden.has(name) && this.#around?.has(name) === true);
  }

  add(name: string, inlined?: Expr): void {
    this.#own.set(name, inlined);
  }

  inlinedAs(name: string): Expr | undefined {
    if (this.#own.has(name) || this.#hidden.has(name)) return this.#own.get(name);
    return this.#around?.inlinedAs(name);
  }
}
