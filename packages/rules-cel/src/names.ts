import type { Expr, Extent } from "@acteon/rules";
import type { Span } from "@acteon/core";

/** The names that an expression finds around it, besides those that it binds itself. */
export interface CelNames {
  /**
   * Of `a.b.c` the value that its first names say, and how many these are; `undefined`: there is no such thing.
   *
   * @param isAbsolute It is written with a dot in front.
   */
  resolve(names: readonly string[], at: Extent, isAbsolute: boolean): Resolved | undefined;
  /** For a suggestion. */
  readonly known: readonly string[];
  /** The functions of a name that is no value: `state.seen(…)`, `env.health(…).latency_p99`. */
  readonly members: ReadonlyMap<string, CelMember>;
}

export interface Resolved {
  readonly expr: Expr;
  readonly count: number;
}

/** What `root.name(args)` is, or what follows it: the key in `members` is then `root.name field` or `root.name call()`. */
export interface CelMember {
  readonly arity: readonly [least: number, most: number];
  readonly make: (args: readonly Expr[], span: Span) => Expr;
}
