import { node } from "@acteon/rules";
import type { Expr, Rule } from "@acteon/rules";
import type { DrlAnnotation, DrlAttribute } from "../syntax/ast.ts";
import type { DrlExpr } from "../syntax/ast-expression.ts";
import { refuseNamed } from "../syntax/outside.ts";
import { readText } from "../syntax/text-literal.ts";
import { parseDate } from "./date.ts";
import { conjunctsOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { compared } from "./methods.ts";

/** What attributes and annotations say of a rule. */
export interface Attributes {
  readonly priority: number;
  readonly enabled: boolean;
  readonly activationGroup: string | undefined;
  /** What must hold besides the conditions: that the rule is enabled, and the time has come. */
  readonly conjuncts: readonly Expr[];
  readonly metadata: Readonly<Record<string, string>>;
}

export function readAttributes(attributes: readonly DrlAttribute[], lowering: Lowering): Attributes {
  let read: Attributes = { priority: 0, enabled: true, activationGroup: undefined, conjuncts: [], metadata: {} };
  for (const attribute of attributes) read = { ...read, ...readOne(attribute, read, lowering) };
  return read;
}

function readOne({ name, value, ...at }: DrlAttribute, read: Attributes, lowering: Lowering): Partial<Attributes> {
  const { source } = lowering;
  const text = value.kind === "text" ? value.text : "";
  switch (name.text) {
    case "salience":
      return { priority: value.kind === "expression" ? priorityOf(value.expr, lowering) : 0 };
    case "enabled":
      return value.kind === "expression" ? enabledBy(value.expr, read, lowering) : {};
    case "date-effective":
    case "date-expires": {
      const epochMs = parseDate(text);
      const span = source.spanOf(at);
      if (epochMs === undefined) {
        source.error({
          code: "ACT-R006",
          at,
          summary: "this is no date",
          help: 'dates read `"2026-03-01T12:00:00Z"`, `"2026-03-01"` or `"01-Mar-2026"`, in UTC',
        });
        return {};
      }
      const date = node({ kind: "literal", type: "timestamp", value: BigInt(epochMs) * 1_000_000n, span });
      const now = node({ kind: "now", as: "timestamp", span });
      return {
        conjuncts: [...read.conjuncts, compared(name.text === "date-effective" ? "ge" : "lt", now, date, span)],
      };
    }
    case "activation-group":
      return { activationGroup: text };
    case "agenda-group":
    case "ruleflow-group":
      return { metadata: { ...read.metadata, [name.text]: text } };
    case "dialect":
      if (text !== "java" && text !== "mvel") {
        source.error({
          code: "ACT-R007",
          at,
          summary: `there is no dialect \`${text}\``,
          help: '`"java"` or `"mvel"`; they mean the same here',
        });
      }
      return {};
    case "timer":
    case "duration":
      refuseNamed(source, `\`${name.text}\``, name, "an action waits for its verdict: no rule decides later");
      return {};
    default:
      // `no-loop`, `lock-on-active`, `auto-focus`: no rule changes a fact, so none is looked at twice.
      return {};
  }
}

/** Higher salience runs first, lower priority does; the least and the greatest of Java fit, too. */
function priorityOf(expr: DrlExpr, { source }: Lowering): number {
  const salience = constantOf(expr);
  if (salience === undefined) {
    refuseNamed(
      source,
      "a salience that depends on the action",
      expr,
      "the order of rules is known before there is an action",
    );
    return 0;
  }
  return Math.max(-2_147_483_647, Math.min(2_147_483_647, 0 - salience));
}

/** The value of whole numbers, and sums and products of them. */
function constantOf(expr: DrlExpr): number | undefined {
  switch (expr.kind) {
    case "literal":
      return expr.type === "int" ? Number(expr.value) : undefined;
    case "unary": {
      const value = constantOf(expr.operand);
      return value === undefined || expr.op === "!" ? undefined : expr.op === "-" ? 0 - value : value;
    }
    case "binary": {
      const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
      return left === undefined || right === undefined ? undefined : calculated(expr.op, left, right);
    }
    case "select": {
      const name = expr.of.kind === "name" ? `${expr.of.name}.${expr.field.text}` : "";
      if (name === "Integer.MIN_VALUE") return -2_147_483_648;
      return name === "Integer.MAX_VALUE" ? 2_147_483_647 : undefined;
    }
    default:
      return undefined;
  }
}

function calculated(op: "+" | "-" | "*" | "/" | "%", left: number, right: number): number | undefined {
  if (op === "+") return left + right;
  if (op === "-") return left - right;
  return op === "*" ? left * right : undefined;
}

/** A flag that is known is one of the rule; any other is a condition. */
function enabledBy(expr: DrlExpr, read: Attributes, lowering: Lowering): Partial<Attributes> {
  if (expr.kind === "literal" && expr.type === "bool") return { enabled: expr.value };
  const conjuncts = conjunctsOf(expr, lowering);
  const [only] = conjuncts;
  if (conjuncts.length === 1 && only?.kind === "literal" && only.type === "bool") return { enabled: only.value };
  return { conjuncts: [...read.conjuncts, ...conjuncts] };
}

export type Annotations = Pick<Rule, "description" | "metadata" | "timezone" | "onError">;

/** `@description("…")`, `@timezone("…")`, `@onError(skip)`; any other is metadata. */
export function readAnnotations(annotations: readonly DrlAnnotation[], { source }: Lowering): Annotations {
  let read: Annotations = { description: undefined, metadata: {}, timezone: undefined, onError: "fail" };
  for (const { name, value = "", ...at } of annotations) {
    const text = /^(["']).*\1$/s.test(value) ? readText(value) : value;
    if (name.text === "description") read = { ...read, description: text };
    else if (name.text === "timezone") read = { ...read, timezone: text };
    else if (name.text !== "onError") read = { ...read, metadata: { ...read.metadata, [name.text]: text } };
    else if (text === "skip" || text === "fail") read = { ...read, onError: text };
    else {
      const summary = "`@onError` must be `fail` or `skip`";
      source.error({
        code: "ACT-R007",
        at,
        summary,
        help: "`fail`, the default, fails the dispatch; `skip` takes the rule as not matched",
      });
    }
  }
  return read;
}
