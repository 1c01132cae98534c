import type { Extent } from "@acteon/rules";
import type { Body, CallTerm, RefTerm, Statement, Term } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { arityOf } from "./functions.ts";
import { termsOf } from "./goal.ts";
import type { Goal, Question, Way } from "./goal.ts";
import { declarationsOf, mentionsIn, mentionsOfReplacements, patternNames, variableName } from "./mentions.ts";
import type { BodyMentions, Mention } from "./mentions.ts";
import { isLocal } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** Makes the goals of a body, and of heads that come behind it. */
export function goalsOf(
  body: Body,
  heads: readonly Term[],
  mentions: BodyMentions,
  scope: Scope,
): { readonly ofBody: readonly Goal[]; readonly ofHeads: readonly Goal[] } {
  const direct = new Set<string>();
  for (const each of [...mentions.ofBody, mentions.ofHeads]) {
    for (const { name, isEnclosed } of each) if (!isEnclosed) direct.add(name);
  }
  const lastDeclared = new Map(
    body.flatMap((each, i) => declarationsOf(each).map((own) => [variableName(own), i] as const)),
  );
  // A body within the body does not know what is declared further down.
  const makerAt = (i: number): GoalMaker =>
    new GoalMaker(
      scope,
      (name) => (direct.has(name) || scope.bindings.has(name)) && (lastDeclared.get(name) ?? i) <= i,
    );
  return {
    ofBody: body.flatMap((statement, i) => makerAt(i).goalsOf(statement)),
    ofHeads: heads.map((head) => makerAt(body.length).headGoal(head)),
  };
}

class GoalMaker {
  readonly #scope: Scope;
  readonly #isKnownInside: (name: string) => boolean;

  constructor(scope: Scope, isKnownInside: (name: string) => boolean) {
    this.#scope = scope;
    this.#isKnownInside = isKnownInside;
  }

  headGoal(term: Term): Goal {
    const { start, end } = term;
    return this.#goal({ kind: "holds", term }, { start, end, negated: false, with: [] });
  }

  goalsOf(statement: Statement): readonly Goal[] {
    return this.#questionsOf(statement).map((what) => this.#goal(what, statement));
  }

  #questionsOf(statement: Statement): readonly Question[] {
    switch (statement.kind) {
      case "some":
        return [];
      case "someIn": {
        const { key, value, collection } = statement;
        return [{ kind: "member", key, value, collection }];
      }
      case "every":
        return [{ kind: "every", every: statement }];
      case "expr": {
        const { term, negated } = statement;
        const pair = this.#pairOf(term);
        if (pair === undefined) return [{ kind: "holds", term }];
        const pairs = negated ? [pair] : splitPair(...pair);
        const assigns = term.kind === "call" && term.operator[0] !== "eq";
        return pairs.map(([left, right]) => ({ kind: "equal", left, right, assigns }));
      }
    }
  }

  /** The two sides of `=` and `:=`; and a call with one argument more than the function takes gives its value to that. */
  #pairOf(term: Term): readonly [Term, Term] | undefined {
    if (term.kind !== "call") return undefined;
    const { operator, args } = term;
    const last = args.at(-1);
    if (last === undefined) return undefined;
    if (args.length === 2 && (operator.join() === "assign" || operator.join() === "eq")) return [args[0]!, last];
    if (arityOf(operator, this.#scope) !== args.length - 1) return undefined;
    return [last, { ...term, args: args.slice(0, -1) }];
  }

  #goal(what: Question, { start, end, negated, with: modifiers }: Extent & Pick<Statement, "negated" | "with">): Goal {
    const terms = termsOf(what);
    const ways = [...terms.flatMap((term) => this.#passages(term)), ...this.#directions(what)];
    const replacing = mentionsOfReplacements(modifiers, this.#scope.lowering);
    return {
      what,
      start,
      end,
      negated,
      with: modifiers,
      demand: {
        uses: this.#usesIn(what.kind === "every" ? [what.every] : terms),
        // Below `not` nothing is bound.
        ways: negated ? ways.filter(({ gives }) => gives.size === 0) : ways,
      },
      demandBefore: {
        uses: replacing.filter((mention) => this.#isUse(mention)),
        ways: modifiers.flatMap(({ value }) => this.#passages(value)),
      },
    };
  }

  #usesIn(nodes: readonly (Term | Statement)[]): readonly Mention[] {
    return mentionsIn(nodes, this.#scope.lowering).filter((mention) => this.#isUse(mention));
  }

  #isUse({ name, isEnclosed, isFunction }: Mention): boolean {
    return (
      isLocal(name, this.#scope) &&
      (!isFunction || this.#scope.declared.has(name)) &&
      (!isEnclosed || this.#isKnownInside(name))
    );
  }

  #namesIn(...terms: readonly Term[]): ReadonlySet<string> {
    return new Set(this.#usesIn(terms).map(({ name }) => name));
  }

  /** The inner ones first. A comprehension is a body of its own, and so is a part of a template with a `with`. */
  #passages(part: Term | Statement): readonly Way[] {
    if (part.kind === "comprehension" || ("with" in part && part.with.length > 0)) return [];
    const inner = childrenOf(part).flatMap((child) => this.#passages(child));
    if (part.kind === "call" && this.#isRelation(part)) return [...inner, this.#throughValues(part)];
    const own = part.kind === "ref" ? this.#throughBrackets(part) : undefined;
    return own === undefined ? inner : [...inner, own];
  }

  /** From left to right: what a bracket binds has a value in the brackets behind it. */
  #throughBrackets(reference: RefTerm): Way | undefined {
    const needs = new Set(this.#namesIn(reference.head));
    const gives = new Set<string>();
    for (const part of reference.path) {
      const open = patternNames(part).filter((name) => isLocal(name, this.#scope));
      for (const name of this.#namesIn(part)) if (!open.includes(name) && !gives.has(name)) needs.add(name);
      for (const name of open) if (!needs.has(name)) gives.add(name);
    }
    return gives.size === 0 ? undefined : { needs, gives, through: reference };
  }

  /** The built-in `walk` has many values. */
  #isRelation({ operator, args }: CallTerm): boolean {
    const { lowering, unit } = this.#scope;
    return operator.join(".") === "walk" && args.length === 1 && !lowering.program.functionAt(operator, unit);
  }

  #throughValues(call: CallTerm): Way {
    return { needs: this.#namesIn(...call.args), gives: new Set(), through: call };
  }

  #directions(what: Question): readonly Way[] {
    switch (what.kind) {
      case "equal": {
        const { left, right, assigns } = what;
        const forwards = this.#direction(right, [left]);
        return assigns ? [forwards] : [forwards, this.#direction(left, [right])];
      }
      case "member":
        return [this.#direction(what.collection, what.key === undefined ? [what.value] : [what.key, what.value])];
      case "holds":
      case "every":
        return [];
    }
  }

  #direction(from: Term, patterns: readonly Term[]): Way {
    return { needs: this.#namesIn(from), gives: new Set(patterns.flatMap(patternNames)), through: undefined };
  }
}

/** Of two lists, or two objects with the same keys, the parts that must be equal. */
function splitPair(left: Term, right: Term): readonly (readonly [Term, Term])[] {
  if (left.kind === "array" && right.kind === "array" && left.items.length === right.items.length) {
    return left.items.flatMap((item, i) => splitPair(item, right.items[i]!));
  }
  if (left.kind !== "object" || right.kind !== "object" || left.entries.length !== right.entries.length) {
    return [[left, right]];
  }
  const others = new Map(right.entries.map(([key, value]) => [scalarText(key), value]));
  const pairs = left.entries.map(([key, value]) => [value, others.get(scalarText(key))] as const);
  const isSame =
    !others.has(undefined) && others.size === pairs.length && pairs.every(([, other]) => other !== undefined);
  return isSame ? pairs.flatMap(([value, other]) => splitPair(value, other!)) : [[left, right]];
}

function scalarText(term: Term): string | undefined {
  return term.kind === "scalar" ? JSON.stringify(String(term.value)) + typeof term.value : undefined;
}
