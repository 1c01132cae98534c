import { operatorWords } from "../operator-words.ts";
import type { DrlConstant, DrlExpr } from "./ast-expression.ts";
import { adjoin, inValue, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { hole, java, made } from "./made.ts";
import { readNumber } from "./number-literal.ts";
import { parseArguments } from "./parse-arguments.ts";
import { beginsShort } from "./parse-restriction.ts";
import { parseTypeName, skipTypeArguments } from "./parse-type.ts";
import { readText } from "./text-literal.ts";
import type { Token } from "./token.ts";

const primitives: ReadonlySet<string> = new Set("boolean byte char short int long float double".split(" "));

/** A value with what is selected from it, perhaps bound: `$a : payload.tags[0].name`. */
export function parseOperand(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  if (cursor.mode.labels && cursor.is("name") && (cursor.is(":", 1) || cursor.is(":=", 1))) {
    const name = wordOf(cursor.take());
    const sign = cursor.take();
    if (sign.kind === ":=") cursor.refuse("unification", sign);
    const value = cursor.nested(() => parseOperand(cursor));
    return made(cursor, { kind: "binding", name, value, start, end: value.end });
  }
  if (cursor.is("/") || (cursor.is("?") && cursor.is("/", 1))) return skipPath(cursor);
  const cast = parseCast(cursor);
  if (cast !== undefined) return cast;
  let expr = parsePrimary(cursor);
  for (;;) {
    const selected = parseSelector(cursor, expr);
    if (selected === undefined) break;
    expr = selected;
  }
  const change = cursor.accept("++") ?? cursor.accept("--");
  return change === undefined ? expr : java(cursor, `\`${change.text}\``, start, change.end);
}

/** `/field[…]/field`: refused, and left behind. */
export function skipPath(cursor: Cursor): DrlExpr {
  const { start } = cursor.next;
  let end = start;
  while (cursor.is("/") || cursor.is(".") || cursor.is("#") || cursor.is("[") || cursor.is("{") || cursor.is("?")) {
    const sign = cursor.take();
    if (sign.kind === "[" || sign.kind === "{") {
      const closing = cursor.skipBrackets(sign);
      if (closing === undefined) throw cursor.unexpected("`]`");
      ({ end } = closing);
    } else {
      ({ end } = cursor.accept("name") ?? sign);
    }
  }
  cursor.refuse("oopath", { start, end });
  return hole(start, end);
}

/** `(Type) value`, told from a value in brackets by a primitive type, or a capital and what stands behind it. */
function parseCast(cursor: Cursor): DrlExpr | undefined {
  const opening = cursor.next;
  if (opening.kind !== "(" || opening.partner === undefined || !cursor.is("name", 1)) return undefined;
  let ahead = 1;
  while (cursor.is(".", ahead + 1) && cursor.is("name", ahead + 2)) ahead += 2;
  const last = cursor.peek(ahead);
  const behind = cursor.token(opening.partner + 1);
  const isPrimitive = ahead === 1 && primitives.has(last.text);
  const isCapital = /^\p{Lu}/u.test(last.text);
  if (!/^[<)[]$/.test(cursor.peek(ahead + 1).kind)) return undefined;
  const isOperator = operatorWords.has(behind.text) || /^(?:in|not|instanceof)$/.test(behind.text);
  // Of a word behind a small name it may be an operator of one's own, and then its operand follows.
  const isName = behind.kind === "name" && !isOperator;
  const isLastName = isName && !/^(?:name|string|number)$/.test(cursor.token(opening.partner + 2).kind);
  const isOther = /^(?:string|\()$/.test(behind.kind) || (isPrimitive && behind.kind === "number");
  if (!(isCapital || isPrimitive ? isName || isOther : isLastName)) return undefined;
  cursor.take();
  const type = parseTypeName(cursor);
  cursor.expect(")");
  const of = cursor.nested(() => parseOperand(cursor));
  return made(cursor, { kind: "cast", of, type, start: opening.start, end: of.end });
}

const shortForm = "only in a pattern one value may have several restrictions: name it again";

function parsePrimary(cursor: Cursor): DrlExpr {
  const token = cursor.next;
  switch (token.kind) {
    case "string":
      cursor.take();
      return constant(cursor, { type: "string", value: readText(token.text) }, token.start, token.end);
    case "number":
      cursor.take();
      return numberAt(cursor, token, 1);
    case "-": {
      const sign = cursor.take();
      const digits = cursor.take();
      return { ...numberAt(cursor, digits, -1), start: sign.start };
    }
    case "(":
      return cursor.inside(cursor.take(), ")", () => cursor.expression(), hole(token.start, token.end))[0];
    case "[":
      return parseCollection(cursor);
    case "{": {
      const closing = cursor.skipBrackets(cursor.take());
      if (closing === undefined) throw cursor.unexpected("the `}` of the array");
      return java(cursor, "an array in braces", token.start, closing.end);
    }
    case "<": {
      if (!cursor.is("name", 1)) throw cursor.unexpected("a value", shortForm);
      skipTypeArguments(cursor);
      const call = parseName(cursor);
      return java(cursor, "a call with type arguments", token.start, call.end);
    }
    case "name":
      return parseName(cursor);
    case "<=":
    case ">":
    case ">=":
    case "==":
    case "!=":
      throw cursor.unexpected("a value", shortForm);
    default:
      throw cursor.unexpected("a value");
  }
}

function constant(cursor: Cursor, value: DrlConstant, start: number, end: number): DrlExpr {
  return made(cursor, { kind: "literal", ...value, start, end });
}

function numberAt(cursor: Cursor, { text, start, end }: Token, sign: 1 | -1): DrlExpr {
  const value = readNumber(text, sign);
  if (value !== undefined) return constant(cursor, value, start, end);
  cursor.source.error({
    code: "ACT-R007",
    at: { start, end },
    summary: `out_of_range: \`${text}\` does not fit`,
    label: "a whole number has 64 bits",
  });
  return hole(start, end);
}

/** A name, a call, or one of the words that are values. */
function parseName(cursor: Cursor): DrlExpr {
  const token = cursor.expect("name", "a value");
  const { text, start, end } = token;
  switch (text) {
    case "true":
    case "false":
      return constant(cursor, { type: "bool", value: text === "true" }, start, end);
    case "null":
      return constant(cursor, { type: "null", value: null }, start, end);
    case "this":
      return made(cursor, { kind: "this", start, end });
    case "new":
      if (cursor.is("name")) return skipCreation(cursor, start);
      break;
    default:
  }
  if (callsHere(cursor)) return parseCall(cursor, token, undefined, false);
  if (cursor.is("[") && cursor.is("]", 1)) {
    cursor.take();
    return java(cursor, "an array type", start, cursor.take().end);
  }
  return made(cursor, { kind: "name", name: text, start, end });
}

/** `new Type(…)`, `new Type[]{…}`, behind the `new`. */
function skipCreation(cursor: Cursor, start: number): DrlExpr {
  let { end } = parseTypeName(cursor);
  while (cursor.is("(") || cursor.is("[") || cursor.is("{")) {
    const closing = cursor.skipBrackets(cursor.take());
    if (closing === undefined) throw cursor.unexpected("the end of what is made with `new`");
    ({ end } = closing);
  }
  return java(cursor, "`new`", start, end);
}

/** Do the arguments of a call stand here? */
function callsHere(cursor: Cursor): boolean {
  const { mode } = cursor;
  if (!cursor.is("(") || (mode.oneLine && cursor.next.first)) return false;
  if (!mode.shortForms || !beginsShort(cursor, 0)) return true;
  // An operator that is a word may be a value, too, and then a space in front of the bracket tells.
  return cursor.is("name", 1) && cursor.next.start === cursor.last?.end;
}

function parseCall(cursor: Cursor, { text, start, end }: Token, of: DrlExpr | undefined, nullSafe: boolean): DrlExpr {
  const [args, closing] = parseArguments(cursor, cursor.take());
  const name = { text, start, end };
  return made(cursor, { kind: "call", of, nullSafe, name, args, start: of?.start ?? start, end: closing.end });
}

/** `[a, b]`, `["a": 1]`, `[:]`. */
function parseCollection(cursor: Cursor): DrlExpr {
  const opening = cursor.take();
  const { start } = opening;
  type Items = { readonly items: readonly DrlExpr[]; readonly entries?: readonly (readonly [DrlExpr, DrlExpr])[] };
  const read = (): Items => {
    if (cursor.is("]")) return { items: [] };
    if (cursor.accept(":") !== undefined) return { items: [], entries: [] };
    const first = cursor.expression();
    if (!cursor.is(":")) {
      return {
        items: cursor.accept(",") === undefined ? [first] : [first, ...cursor.list(() => cursor.expression())],
      };
    }
    const entry = (key: DrlExpr): readonly [DrlExpr, DrlExpr] => {
      cursor.expect(":", "`:` and the value of the key");
      return [key, cursor.expression()];
    };
    const entries = [entry(first)];
    while (cursor.accept(",") !== undefined) entries.push(entry(cursor.expression()));
    return { items: [], entries };
  };
  const none: Items = { items: [] };
  const [{ items, entries }, { end }] = cursor.within(inValue, () => cursor.inside(opening, "]", read, none));
  if (entries !== undefined) return made(cursor, { kind: "map", entries, start, end });
  return made(cursor, { kind: "list", items, start, end });
}

/** What is selected from a value, if anything is. */
function parseSelector(cursor: Cursor, of: DrlExpr): DrlExpr | undefined {
  const { start } = of;
  if (cursor.is("#") && cursor.is("name", 1)) {
    cursor.take();
    const { text, end, start: at } = cursor.take();
    return made(cursor, { kind: "cast", of, type: { text, simple: text, start: at, end }, start, end });
  }
  if (cursor.is("[") && !(cursor.mode.oneLine && cursor.next.first)) {
    const opening = cursor.take();
    const read = (): DrlExpr => cursor.expression();
    const [at, { end }] = cursor.within(inValue, () => cursor.inside(opening, "]", read, hole(start, start)));
    return made(cursor, { kind: "index", of, at, start, end });
  }
  const bang = cursor.is("!") && cursor.is(".", 1) && adjoin(cursor.next, cursor.peek(1)) ? cursor.take() : undefined;
  if (cursor.accept(".") === undefined) return undefined;
  const nullSafe = bang !== undefined || cursor.accept("?") !== undefined;
  if (cursor.is("(")) {
    const read = (): readonly DrlExpr[] => cursor.list(() => cursor.expression());
    const [constraints, { end }] = cursor.inside(cursor.take(), ")", read, []);
    return made(cursor, { kind: "group", of, nullSafe, constraints, start, end });
  }
  if (cursor.is("<")) {
    skipTypeArguments(cursor);
    const name = cursor.expect("name", "a method");
    return java(cursor, "a call with type arguments", start, parseCall(cursor, name, of, nullSafe).end);
  }
  if (cursor.isWord("new") && cursor.is("name", 1)) {
    cursor.take();
    return skipCreation(cursor, start);
  }
  const field = cursor.expect("name", "the name of a field");
  if (callsHere(cursor)) return parseCall(cursor, field, of, nullSafe);
  return made(cursor, { kind: "select", of, nullSafe, field: wordOf(field), start, end: field.end });
}
