import type { DrlExpr, DrlLogic, DrlUnary } from "./ast-expression.ts";
import { adjoin, inConstraint, Unreadable } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { hole, java, made } from "./made.ts";
import { parseOperand } from "./parse-operand.ts";
import { isRestriction, parseRestriction } from "./parse-restriction.ts";
import type { Token } from "./token.ts";

/** A whole expression, or a hole where there is none; what is wrong was reported. */
export function parseWhole(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  try {
    const expr = cursor.within({ ...inConstraint, shortForms: false }, () => parseExpression(cursor));
    if (!cursor.is("end")) throw cursor.unexpected("an operator, or the end");
    return expr;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return hole(start, start);
  }
}

/** An expression with every operator, as far as the mode of the cursor has them. */
export function parseExpression(cursor: Cursor): DrlExpr {
  return cursor.nested(() => {
    const condition = parseLogic(cursor, "||");
    if (!cursor.is("?") || cursor.is("/", 1)) return condition;
    cursor.take();
    const whenTrue = cursor.within({ ...cursor.mode, labels: false }, () => parseExpression(cursor));
    cursor.expect(":", "`:` and what it is otherwise");
    const otherwise = parseExpression(cursor);
    const { start } = condition;
    return made(cursor, { kind: "conditional", condition, whenTrue, otherwise, start, end: otherwise.end });
  });
}

function parseLogic(cursor: Cursor, op: DrlLogic["op"]): DrlExpr {
  const operand = (): DrlExpr => (op === "||" ? parseLogic(cursor, "&&") : parseBits(cursor));
  const operands = [operand()];
  while (cursor.accept(op) !== undefined) operands.push(operand());
  const [first] = operands;
  if (operands.length === 1 && first !== undefined) return first;
  return made(cursor, { kind: "logic", op, operands, start: first!.start, end: operands.at(-1)!.end });
}

function parseBits(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  let expr = parseRelation(cursor);
  while (cursor.is("|") || cursor.is("&") || cursor.is("^")) {
    const { text } = cursor.take();
    expr = java(cursor, `\`${text}\` between bits`, start, parseRelation(cursor).end);
  }
  return expr;
}

/** A value with its restrictions: `age > 3`, `age > 3 && < 7`, `name matches "…"`. */
function parseRelation(cursor: Cursor): DrlExpr {
  let expr = parseSum(cursor);
  while (isRestriction(cursor)) expr = parseRestriction(cursor, expr);
  return expr;
}

/** Sums and what binds tighter: what stands where no comparison can, such as behind `from`. */
export function parseSum(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  let expr = parseProduct(cursor);
  for (;;) {
    const shift = shiftAt(cursor);
    if (shift !== undefined) {
      for (const _ of shift) cursor.take();
      expr = java(cursor, `\`${shift}\``, start, parseProduct(cursor).end);
    } else if (cursor.is("+") || cursor.is("-")) {
      expr = binary(cursor, cursor.take(), expr, parseProduct(cursor));
    } else {
      return expr;
    }
  }
}

function shiftAt(cursor: Cursor): string | undefined {
  for (const sign of ["<", ">"] as const) {
    if (!cursor.is(sign) || !cursor.is(sign, 1) || !adjoin(cursor.next, cursor.peek(1))) continue;
    return cursor.is(sign, 2) && adjoin(cursor.peek(1), cursor.peek(2)) ? sign.repeat(3) : sign.repeat(2);
  }
  return undefined;
}

function parseProduct(cursor: Cursor): DrlExpr {
  let expr = parseUnary(cursor);
  while (cursor.is("*") || cursor.is("/") || cursor.is("%")) {
    expr = binary(cursor, cursor.take(), expr, parseUnary(cursor));
  }
  return expr;
}

function binary(cursor: Cursor, { kind }: Token, left: DrlExpr, right: DrlExpr): DrlExpr {
  const op = kind as "+" | "-" | "*" | "/" | "%";
  return made(cursor, { kind: "binary", op, left, right, start: left.start, end: right.end });
}

function parseUnary(cursor: Cursor): DrlExpr {
  const sign = cursor.next;
  const { kind, start } = sign;
  switch (kind) {
    case "!":
    case "-":
    case "+": {
      if (kind === "-" && cursor.is("number", 1)) return parseOperand(cursor);
      cursor.take();
      const operand = cursor.nested(() => parseUnary(cursor));
      return made(cursor, { kind: "unary", op: kind satisfies DrlUnary["op"], operand, start, end: operand.end });
    }
    case "~":
    case "++":
    case "--": {
      cursor.take();
      return java(cursor, `\`${kind}\``, start, cursor.nested(() => parseUnary(cursor)).end);
    }
    default:
      return parseOperand(cursor);
  }
}
