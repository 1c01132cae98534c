import type { JsonValue, Span } from "@acteon/core";
import { documentExpr, field, jsonExpr, logicExpr, node } from "@acteon/rules";
import type { Arithmetic, Compare, Expr, Quantifier } from "@acteon/rules";

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

  /** One of these, an element of a list that is a value, or a key of a map. */
  in(list: readonly Operand[] | Value): Condition {
    return new Condition((span) => {
      const collection =
        list instanceof Value
          ? list.build(span)
          : node({ kind: "list", items: list.map((item) => operandExpr(item, span)), span });
      return node({ kind: "in", item: this.build(span), collection, semantics: "plain", span });
    });
  }

  notIn(list: readonly Operand[] | Value): Condition {
    return this.in(list).not();
  }

  /** Is it there, and not null? */
  exists(): Condition {
    return this.#compare("ne", null);
  }

  /** Numbers, two texts, or an instant and a duration. Of what is absent, as of any other type, it is an error. */
  plus(other: Operand): Value {
    return this.#calculate("add", other);
  }

  minus(other: Operand): Value {
    return this.#calculate("subtract", other);
  }

  times(other: number | Value): Value {
    return this.#calculate("multiply", other);
  }

  /** Of whole numbers cut towards zero. */
  dividedBy(other: number | Value): Value {
    return this.#calculate("divide", other);
  }

  /** Of whole numbers. */
  modulo(other: number | Value): Value {
    return this.#calculate("modulo", other);
  }

  /** Characters of a text, elements of a list, entries of a map. */
  size(): Value {
    return call("size", this);
  }

  lower(): Value {
    return call("lower", this);
  }

  upper(): Value {
    return call("upper", this);
  }

  /** Without white space around it. */
  trim(): Value {
    return call("trim", this);
  }

  /** What lies below: a key of a map, the place of an element of a list, or a value that says which. */
  at(...steps: readonly (string | number | Value)[]): Value {
    return new Value((span) =>
      steps.reduce<Expr>(
        (of, step) =>
          typeof step === "string"
            ? field(of, step, "null", span)
            : node({ kind: "index", of, at: operandExpr(step, span), missing: "null", span }),
        this.build(span),
      ),
    );
  }

  /**
   * Does the condition hold of an element of the list, or of a value of the map? Of none it is false.
   *
   * @param name What explanations call the element. A condition within another one calls its own by another name.
   */
  any(name: string, condition: (element: Value) => Condition): Condition {
    return this.#quantify("any", name, condition);
  }

  /** Does the condition hold of every element? Of none it is true. `name` as for `any`. */
  every(name: string, condition: (element: Value) => Condition): Condition {
    return this.#quantify("all", name, condition);
  }

  #compare(op: Compare["op"], other: Operand): Condition {
    return new Condition((span) => {
      const [left, right] = [this.build(span), operandExpr(other, span)];
      return node({ kind: "compare", op, left, right, semantics: "plain", span });
    });
  }

  #call(name: string, argument: Operand): Condition {
    return new Condition(call(name, this, argument).build);
  }

  #calculate(op: Arithmetic["op"], other: Operand): Value {
    return new Value((span) => {
      const [left, right] = [this.build(span), operandExpr(other, span)];
      return node({ kind: "arithmetic", op, left, right, semantics: "plain", span });
    });
  }

  #quantify(quantifier: Quantifier["quantifier"], name: string, conditionOf: (element: Value) => Condition): Condition {
    return new Condition((span) => {
      const element = new Value((place) => node({ kind: "local", name, span: place }));
      return node({
        kind: "quantifier",
        quantifier,
        over: this.build(span),
        key: undefined,
        value: name,
        condition: conditionOf(element).build(span),
        absorbs: "none",
        semantics: "plain",
        span,
      });
    });
  }
}

/** A function of the engine by its name there: `call("replace", field("action.payload.phone"), " ", "")`. */
export function call(name: string, ...args: readonly Operand[]): Value {
  return new Value((span) => {
    const exprs = args.map((arg) => operandExpr(arg, span));
    return node({ kind: "call", name, args: exprs, semantics: "plain", span });
  });
}

/** A document that the program has, as `data.…` is one in the files of rules. */
export function constant(value: JsonValue): Value {
  return new Value((span) => documentExpr(value, span));
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
  return new Condition((span) =>
    logicExpr(
      kind,
      conditions.map((condition) => condition.build(span)),
      span,
    ),
  );
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

  /** What is one hole and nothing else is what the hole is. */
  #template(span: Span, ofNull: "empty" | "error"): Expr {
    const parts = this.#parts.map((part) => operandExpr(part, span));
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : node({ kind: "template", parts, ofNull, span });
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

/** The IR of a key of the state: with an empty hole what is unrelated would share it. */
export function keyExpr(key: string | Value, span: Span): Expr {
  return key instanceof Text ? key.buildKey(span) : operandExpr(key, span);
}
