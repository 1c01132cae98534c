import { operatorWords } from "../operator-words.ts";
import type { DrlExpr, DrlLogic, DrlOperator } from "./ast-expression.ts";
import { inValue } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { made } from "./made.ts";
import { parseArguments } from "./parse-arguments.ts";
import { parseTypeName } from "./parse-type.ts";
import type { TokenKind } from "./token.ts";

const comparisons: ReadonlySet<TokenKind> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** Does an operator of two operands stand here, behind the first of them? Words may be operators of one's own. */
export function isRestriction(cursor: Cursor): boolean {
  const { kind } = cursor.next;
  if (comparisons.has(kind)) return true;
  if (kind === "name") return cursor.mode.operators;
  if (kind === "#") return cursor.is("#", 1);
  return cursor.mode.shortForms && kind === "(" && beginsShort(cursor, 0);
}

/** In brackets an operator stands first, as in `( > 3 && < 7 )`. */
export function beginsShort(cursor: Cursor, at: number): boolean {
  let ahead = at;
  while (ahead < at + 8 && cursor.is("(", ahead)) ahead++;
  return ahead > at && (comparisons.has(cursor.peek(ahead).kind) || isOperatorWord(cursor, ahead));
}

/** One restriction, or, in short forms, as many as there are of the same value. */
export function parseRestriction(cursor: Cursor, left: DrlExpr): DrlExpr {
  return parseShortLogic(cursor, "||", left);
}

function parseShortLogic(cursor: Cursor, op: DrlLogic["op"], left: DrlExpr): DrlExpr {
  const operand = (of: DrlExpr): DrlExpr =>
    op === "||" ? parseShortLogic(cursor, "&&", of) : parseOneRestriction(cursor, of);
  const first = operand(left);
  if (!goesOn(cursor, op)) return first;
  // What is bound in it is bound by the first.
  const of = left.kind === "binding" ? left.value : left;
  const operands = [first];
  while (goesOn(cursor, op)) {
    cursor.take();
    operands.push(operand(of));
  }
  return made(cursor, { kind: "logic", op, operands, start: first.start, end: operands.at(-1)!.end });
}

/** Does another restriction of the same value follow? */
function goesOn(cursor: Cursor, op: DrlLogic["op"]): boolean {
  if (!cursor.mode.shortForms || !cursor.is(op)) return false;
  return comparisons.has(cursor.peek(1).kind) || isOperatorWord(cursor, 1) || beginsShort(cursor, 1);
}

/** `contains "x"` as a restriction, and not as a value that is called so. */
function isOperatorWord(cursor: Cursor, ahead: number): boolean {
  const negated = cursor.isWord("not", ahead) ? 1 : 0;
  const word = cursor.peek(ahead + negated);
  if (word.kind !== "name") return false;
  if (word.text === "in") return cursor.is("(", ahead + negated + 1);
  if (!operatorWords.has(word.text)) return false;
  const behind = cursor.peek(ahead + negated + 1);
  if (behind.kind === "(") return negated === 1 || behind.start > word.end;
  return behind.kind === "[" ? isParameters(cursor, ahead + negated + 1) : beginsOperand(behind.kind);
}

function parseOneRestriction(cursor: Cursor, left: DrlExpr): DrlExpr {
  const { start } = left;
  if (cursor.is("(")) {
    return cursor.inside(cursor.take(), ")", () => parseRestriction(cursor, left), left)[0];
  }
  if (cursor.acceptWord("instanceof") !== undefined) {
    const type = parseTypeName(cursor);
    return made(cursor, { kind: "instanceof", of: left, type, start, end: type.end });
  }
  const not = cursor.acceptWord("not");
  if (cursor.isWord("in") && cursor.is("(", 1)) {
    cursor.take();
    const [items, { end }] = parseArguments(cursor, cursor.take());
    return made(cursor, { kind: "in", negated: not !== undefined, item: left, items, start, end });
  }
  const operator = parseOperator(cursor, not !== undefined);
  const right = cursor.sum();
  return made(cursor, { kind: "relation", operator, left, right, start, end: right.end });
}

function parseOperator(cursor: Cursor, negated: boolean): DrlOperator {
  const { start } = cursor.next;
  if (!negated && comparisons.has(cursor.next.kind)) {
    const { text, end } = cursor.take();
    return { text, start, end, negated, parameters: [] };
  }
  // An operator of one's own may be told from a name by `##`.
  while (cursor.accept("#") !== undefined);
  const word = cursor.expect("name", "an operator");
  if (!cursor.is("[") || !isParameters(cursor, 0)) return { ...place(word), text: word.text, negated, parameters: [] };
  const opening = cursor.take();
  const list = (): readonly DrlExpr[] => (cursor.is("]") ? [] : cursor.list(() => parseParameter(cursor)));
  const [parameters, { end }] = cursor.within(inValue, () => cursor.inside(opening, "]", list, []));
  return { text: word.text, start: word.start, end, negated, parameters };
}

function place({ start, end }: { readonly start: number; readonly end: number }) {
  return { start, end };
}

/** Square brackets with an operand behind them are parameters of the operator in front of them; else they are a list. */
function isParameters(cursor: Cursor, ahead: number): boolean {
  const { partner } = cursor.peek(ahead);
  return partner !== undefined && beginsOperand(cursor.token(partner + 1).kind);
}

function beginsOperand(kind: TokenKind): boolean {
  return ["name", "number", "string", "(", "[", "-", "!"].includes(kind);
}

/** A value, or `*` for any time, `-*` for any before. */
function parseParameter(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  const negative = cursor.is("-") && cursor.is("*", 1);
  if (negative) cursor.take();
  const star = cursor.accept("*");
  if (star === undefined) return cursor.sum();
  return made(cursor, { kind: "literal", type: "infinity", negative, start, end: star.end });
}
