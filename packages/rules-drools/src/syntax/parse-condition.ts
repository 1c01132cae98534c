import type { DrlCondition, DrlJunction } from "./ast-condition.ts";
import type { Word } from "./ast-expression.ts";
import { inConstraint, inValue, Unreadable, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseAccumulate } from "./parse-accumulate.ts";
import { parseAnnotations } from "./parse-annotation.ts";
import { skipPath } from "./parse-operand.ts";
import { parsePattern } from "./parse-pattern.ts";
import type { Token } from "./token.ts";

/**
 * The elements of a left-hand side, up to a word that ends it; each may end with a semicolon. After a mistake in one
 * reading goes on with the next line.
 */
export function parseConditions(cursor: Cursor, end: "then" | "end"): readonly DrlCondition[] {
  const conditions: DrlCondition[] = [];
  const isEnd = (): boolean => cursor.is("end") || cursor.isWord(end) || breaksOff(cursor);
  while (!isEnd()) {
    if (cursor.accept(";") !== undefined) continue;
    const { at } = cursor;
    try {
      conditions.push(parseAlternatives(cursor));
    } catch (error) {
      if (!(error instanceof Unreadable) || error.isFinal) throw error;
      while (!isEnd() && (cursor.at === at || !cursor.next.first)) cursor.skip();
    }
  }
  return conditions;
}

/** Does the next rule begin, or this one end, too early? */
function breaksOff(cursor: Cursor): boolean {
  return beginsRule(cursor) || (cursor.isWord("end") && cursor.next.first && !cursor.is("(", 1) && !cursor.is(":", 1));
}

/** Does a rule or a query begin on this line? */
export function beginsRule(cursor: Cursor): boolean {
  const { first } = cursor.next;
  const isRule = first && (cursor.isWord("rule") || cursor.isWord("query"));
  return isRule && (cursor.is("string", 1) || cursor.is("name", 1)) && !cursor.peek(1).first;
}

/** Elements with `or` and `and` between them. */
export function parseAlternatives(cursor: Cursor): DrlCondition {
  return cursor.nested(() =>
    parseJunction(cursor, "or", () => parseJunction(cursor, "and", () => parseElement(cursor))),
  );
}

function parseJunction(cursor: Cursor, kind: DrlJunction["kind"], operand: () => DrlCondition): DrlCondition {
  const first = operand();
  const operands = [first];
  while (cursor.acceptWord(kind) ?? cursor.accept(kind === "or" ? "||" : "&&")) {
    parseAnnotations(cursor);
    operands.push(operand());
  }
  if (operands.length === 1) return first;
  return { kind, binding: undefined, operands, start: first.start, end: operands.at(-1)!.end };
}

function parseElement(cursor: Cursor): DrlCondition {
  const element = parseOne(cursor);
  skipNamedConsequence(cursor);
  return element;
}

function parseOne(cursor: Cursor): DrlCondition {
  const token = cursor.next;
  const { kind, text, start } = token;
  if (kind === "(") return parseBrackets(cursor, undefined);
  if (kind === "/" || (kind === "?" && cursor.is("/", 1))) {
    const { end } = skipPath(cursor);
    return { kind: "nothing", start, end };
  }
  if (kind !== "name" && kind !== "?") throw cursor.unexpected("an element of a left-hand side, such as a pattern");
  if (cursor.is(":", 1) || cursor.is(":=", 1)) {
    const name = wordOf(cursor.take());
    const sign = cursor.take();
    if (sign.kind === ":=") cursor.refuse("unification", sign);
    return parseBound(cursor, name);
  }
  switch (text) {
    case "not":
    case "exists":
      if (cursor.is("(", 1) || cursor.is("name", 1) || cursor.is("?", 1) || cursor.is("/", 1)) {
        cursor.take();
        const operand = cursor.nested(() => parseOne(cursor));
        return { kind: text, operand, start, end: operand.end };
      }
      break;
    case "forall":
      if (cursor.is("(", 1)) return parseForall(cursor);
      break;
    case "eval":
      if (cursor.is("(", 1)) return parseEval(cursor);
      break;
    case "accumulate":
    case "acc":
      if (cursor.is("(", 1)) return parseAccumulate(cursor);
      break;
    case "groupby":
      if (cursor.is("(", 1)) return skipGroupby(cursor);
      break;
    case "if":
      if (cursor.is("(", 1)) return skipBranches(cursor);
      break;
    default:
  }
  return parsePattern(cursor, undefined);
}

/** Behind `$a :`. */
function parseBound(cursor: Cursor, binding: Word): DrlCondition {
  if (cursor.is("(")) return parseBrackets(cursor, binding);
  if (!cursor.is("/")) return parsePattern(cursor, binding);
  const { end } = skipPath(cursor);
  return { kind: "nothing", start: binding.start, end };
}

/** `( A() or B() )`, `( or A() B() )`. */
function parseBrackets(cursor: Cursor, binding: Word | undefined): DrlCondition {
  const opening = cursor.take();
  const { start } = binding ?? opening;
  const read = (): DrlCondition => {
    const prefix = cursor.acceptWord("or") ?? cursor.acceptWord("and");
    return prefix === undefined ? parseAlternatives(cursor) : parsePrefixed(cursor, prefix);
  };
  const [inner, { end }] = cursor.inside(opening, ")", read, { kind: "nothing", start, end: start });
  return binding === undefined ? { ...inner, start, end } : bound(inner, binding, end);
}

function parsePrefixed(cursor: Cursor, { text, start }: Token): DrlCondition {
  parseAnnotations(cursor);
  const operands: DrlCondition[] = [];
  while (!cursor.is(")") && !cursor.is("end")) {
    operands.push(cursor.nested(() => parseElement(cursor)));
    cursor.accept(";");
  }
  if (operands.length === 0) throw cursor.unexpected("an element");
  return { kind: text === "or" ? "or" : "and", binding: undefined, operands, start, end: operands.at(-1)!.end };
}

function bound(inner: DrlCondition, binding: Word, end: number): DrlCondition {
  const { start } = binding;
  if (inner.kind === "pattern") return { ...inner, binding, start, end };
  if (inner.kind === "or" || inner.kind === "and") return { ...inner, binding, start, end };
  return { ...inner, start, end };
}

function parseForall(cursor: Cursor): DrlCondition {
  const { start } = cursor.take();
  const read = (): readonly DrlCondition[] => {
    const operands: DrlCondition[] = [];
    while (!cursor.is(")") && !cursor.is("end")) {
      operands.push(parseAlternatives(cursor));
      if (cursor.accept(",") === undefined) cursor.accept(";");
    }
    if (operands.length === 0) throw cursor.unexpected("a pattern");
    return operands;
  };
  const [operands, { end }] = cursor.inside(cursor.take(), ")", read, []);
  return operands.length === 0 ? { kind: "nothing", start, end } : { kind: "forall", operands, start, end };
}

function parseEval(cursor: Cursor): DrlCondition {
  const { start } = cursor.take();
  const opening = cursor.take();
  const none: DrlCondition = { kind: "nothing", start, end: start };
  const read = (): DrlCondition => {
    const expr = cursor.within(inValue, () => cursor.expression());
    return { kind: "eval", expr, start, end: start };
  };
  const [element, { end }] = cursor.inside(opening, ")", read, none);
  return { ...element, end };
}

function skipGroupby(cursor: Cursor): DrlCondition {
  const { start } = cursor.take();
  const opening = cursor.take();
  const closing = cursor.skipBrackets(opening);
  cursor.refuse("groupby", { start, end: opening.start });
  if (closing === undefined) throw cursor.unexpected("the `)` of `groupby`");
  return { kind: "nothing", start, end: closing.end };
}

/** `do[name]`, `break[name]`. */
function skipNamedConsequence(cursor: Cursor): void {
  const word = cursor.next;
  if ((!cursor.isWord("do") && !cursor.isWord("break")) || !cursor.is("[", 1)) return;
  cursor.take();
  const closing = cursor.skipBrackets(cursor.take());
  cursor.refuse("namedConsequence", { start: word.start, end: closing?.end ?? word.end });
}

/** `if ( … ) do[name] else if ( … ) break[name] else do[name]`. */
function skipBranches(cursor: Cursor): DrlCondition {
  const { start } = cursor.next;
  cursor.refuse("conditionalBranch", cursor.next);
  do {
    if (cursor.acceptWord("if") !== undefined) {
      const read = (): void => void cursor.within(inConstraint, () => cursor.expression());
      cursor.inside(cursor.expect("("), ")", read, undefined);
    }
    cursor.expect("name", "`do[…]`");
    cursor.skipBrackets(cursor.expect("["));
  } while (cursor.acceptWord("else") !== undefined);
  return { kind: "nothing", start, end: cursor.last?.end ?? start };
}
