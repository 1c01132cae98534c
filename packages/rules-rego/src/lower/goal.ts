import type { Extent } from "@acteon/rules";
import type { CallTerm, Every, RefTerm, Term, WithModifier } from "../syntax/ast.ts";
import type { Bindings } from "./bindings.ts";
import type { Mention } from "./mentions.ts";

/** What one statement asks, or one pair of parts that are to be equal, or a head behind them. */
export interface Goal extends Extent {
  readonly what: Question;
  readonly negated: boolean;
  readonly with: readonly WithModifier[];
  readonly demand: Demand;
  /** Of what its `with` puts in the place of something: that is computed before. */
  readonly demandBefore: Demand;
}

/** The variables without which something cannot be made steps, and how it can give values to some of them itself. */
export interface Demand {
  readonly uses: readonly Mention[];
  readonly ways: readonly Way[];
}

export type Question =
  | { readonly kind: "holds"; readonly term: Term }
  | {
      readonly kind: "equal";
      readonly left: Term;
      readonly right: Term;
      /** Of a variable on the left side alone. */
      readonly assigns: boolean;
    }
  | { readonly kind: "member"; readonly key: Term | undefined; readonly value: Term; readonly collection: Term }
  | { readonly kind: "every"; readonly every: Every };

/** Where all that is needed has values, what is given gets some. */
export interface Way {
  readonly needs: ReadonlySet<string>;
  readonly gives: ReadonlySet<string>;
  /** What is gone through for that. */
  readonly through: Passage | undefined;
}

/** A reference with variables in its brackets, or a call that has several values. */
export type Passage = RefTerm | CallTerm;

/** What a question is made of, bodies within it left out. */
export function termsOf(what: Question): readonly Term[] {
  switch (what.kind) {
    case "holds":
      return [what.term];
    case "equal":
      return [what.left, what.right];
    case "member":
      return [...(what.key === undefined ? [] : [what.key]), what.value, what.collection];
    case "every":
      return [what.every.collection];
  }
}

/** What has a value once every way that is open was gone, and the ways, in the order in which they open. */
export function settle(
  ways: readonly Way[],
  bindings: Bindings,
): { readonly given: ReadonlySet<string>; readonly order: readonly Way[] } {
  const given = new Set<string>();
  const order = new Set<Way>();
  for (let before = -1; before < order.size;) {
    before = order.size;
    for (const way of ways) {
      if (order.has(way) || ![...way.needs].every((name) => bindings.has(name) || given.has(name))) continue;
      order.add(way);
      for (const name of way.gives) given.add(name);
    }
  }
  return { given, order: [...order] };
}

/** The variables without which it cannot be made steps yet. */
export function lackingIn({ demand, demandBefore }: Goal, bindings: Bindings): readonly Mention[] {
  return [demandBefore, demand].flatMap(({ uses, ways }) => {
    const { given } = settle(ways, bindings);
    return uses.filter(({ name }) => !bindings.has(name) && !given.has(name));
  });
}
