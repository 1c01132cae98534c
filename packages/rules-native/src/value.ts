import type { JsonValue, Span } from "@acteon/core";
import { jsonExpr, literal, node } from "@acteon/rules";
import type { Compare, Expr } from "@acteon/rules";

/** What an operator compares with: a constant, or another value of the action. */
export type Operand = JsonValue | Value;

/**
 * A value that is known when an action is there: a field, a counter, a text with holes. Its operators make conditions. Of a
 * value that is absent every operator is false, but `notEquals`, `notIn` and `exists().not()`.
 */
export class Value {
  /** The IR, once the place of the rule is known. */
  readonly build: (span: Span) => Expr;

  constructor(build: (span: Span) => Expr) {
    this.build = build;
  }

  equals(other: Operand): Condition {
    return this.#compare("eq", other);
  }

  notEquals(other: Operand): Condition {
    return this.#compare("ne", other);
  }

  greaterThan(other: number | string | Value): Condition {
    return this.#compare("gt", other);
  }

  atLeast(other: number | string | Value): Condition {
    return this.#compare("ge", other);
  }

  lessThan(other: number | string | Value): Condition {
    return this.#compare("lt", other);
  }

  atMost(other: number | string | Value): Condition {
    return this.#compare("le", other);
  }

  /** A part of a text, or an element of a list. */
  contains(part: Operand): Condition {
    return this.#call("contains", part);
  }

  startsWith(prefix: string | Value): Condition {
    return this.#call("startsWith", prefix);
  }

  endsWith(suffix: string | Value): Condition {
    return this.#call("endsWith", suffix);
  }

  /** Is there a match anywhere? RE2 syntax, which runs in linear time; a pattern that is none is refused at load. */
  matches(pattern: string): Condition {
    return this.#call("matches", pattern);
  }

  in(list: readonly Operand[]): Condition {
    return new Condition((span) => {
      const collection = node({ kind: "list", items: list.map((item) => operandExpr(item, span)), span });
      return node({ kind: "in", item: this.build(span), collection, semantics: "plain", span });
    });
  }

  notIn(list: readonly Operand[]): Condition {
    return this.in(list).not();
  }

  /** Is it there, and not null? */
  exists(): Condition {
    return this.#compare("ne", null);
  }

  #compare(op: Compare["op"], other: Operand): Condition {
    return new Condition((span) => {
      const [left, right] = [this.build(span), operandExpr(other, span)];
      return node({ kind: "compare", op, left, right, semantics: "plain", span });
    });
  }

  #call(name: string, argument: Operand): Condition {
    return new Condition((span) => {
      const args = [this.build(span), operandExpr(argument, span)];
      return node({ kind: "call", name, args, semantics: "plain", span });
    });
  }
}

/** What holds of an action, or does not. */
export class Condition {
  readonly build: (span: Span) => Expr;

  constructor(build: (span: Span) => Expr) {
    this.build = build;
  }

  and(...others: readonly Condition[]): Condition {
    return all(this, ...others);
  }

  or(...others: readonly Condition[]): Condition {
    return any(this, ...others);
  }

  not(): Condition {
    return new Condition((span) => node({ kind: "not", operand: this.build(span), semantics: "plain", span }));
  }
}

/** Every one holds; of none it is true. Left to right, up to the first that does not. */
export function all(...conditions: readonly Condition[]): Condition {
  return logic("and", conditions);
}

/** At least one holds; of none it is false. Left to right, up to the first that does. */
export function any(...conditions: readonly Condition[]): Condition {
  return logic("or", conditions);
}

function logic(kind: "and" | "or", conditions: readonly Condition[]): Condition {
  return new Condition((span) => {
    const operands = conditions.map((condition) => condition.build(span));
    return node({ kind, operands, absorbs: "none", span });
  });
}

/** A text with holes, made by `text`. */
export class Text extends Value {
  readonly #parts: readonly Operand[];

  constructor(parts: readonly Operand[]) {
    super((span) => this.#template(span, "empty"));
    this.#parts = parts;
  }

  /** For a key: an absent hole is an error, or what is unrelated would share a key. */
  buildKey(span: Span): Expr {
    return this.#template(span, "error");
  }

  #template(span: Span, ofNull: "empty" | "error"): Expr {
    return node({ kind: "template", parts: this.#parts.map((part) => operandExpr(part, span)), ofNull, span });
  }
}

/**
 * A text with holes: `` text`${field("action.payload.service")}:alerts` ``. In a key an absent hole is an error, elsewhere
 * it is empty.
 */
export function text(fixed: TemplateStringsArray, ...holes: readonly Operand[]): Text {
  const parts = fixed.flatMap((piece, i): Operand[] => {
    const hole = holes[i];
    return [...(piece === "" ? [] : [piece]), ...(hole === undefined ? [] : [hole])];
  });
  return new Text(parts);
}

export function operandExpr(operand: Operand, span: Span): Expr {
  return operand instanceof Value ? operand.build(span) : jsonExpr(operand, span);
}

/** The IR of a key of the state: text, never empty of what it is made from. */
export function keyExpr(key: string | Value, span: Span): Expr {
  if (typeof key === "string") return literal(key, span);
  if (key instanceof Text) return key.buildKey(span);
  const expr = key.build(span);
  // The dedup key is text, always: a template of it alone would say nothing more.
  return expr.kind === "dedupKey" ? expr : new Text([key]).buildKey(span);
}
