import { didYouMean } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlFrom, DrlPattern, DrlWindow } from "./ast-condition.ts";
import type { DrlExpr, Word } from "./ast-expression.ts";
import { adjoin, inConstraint, inSource, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseSourceAccumulate } from "./parse-accumulate.ts";
import { parseAnnotations } from "./parse-annotation.ts";
import { parseArguments } from "./parse-arguments.ts";
import { hole } from "./made.ts";
import { parseTypeName } from "./parse-type.ts";
import type { Token } from "./token.ts";

const elementWords = ["not", "exists", "forall", "eval", "accumulate", "and", "or", "from", "then"];

/** `Type( … ) over … from …`, or the call of a query, which looks like one. */
export function parsePattern(cursor: Cursor, binding: Word | undefined): DrlPattern {
  cursor.accept("?");
  const type = parseTypeName(cursor);
  const opening = cursor.accept("(");
  if (opening === undefined) {
    const near = nearest(cursor.source, type.text, () => elementWords);
    throw cursor.unexpected(`\`(\` and the constraints of \`${type.text}\``, didYouMean(near).help);
  }
  const read = (): Constraints => cursor.within(inConstraint, () => parseConstraints(cursor, opening));
  const [args, { end }] = cursor.inside(opening, ")", read, { positional: [], constraints: [] });
  parseAnnotations(cursor);
  const over = parseOver(cursor);
  const from = parseFrom(cursor);
  parseAnnotations(cursor);
  const start = binding?.start ?? type.start;
  return { kind: "pattern", binding, type, ...args, over, from, start, end: Math.max(end, cursor.last?.end ?? 0) };
}

type Constraints = Pick<DrlPattern, "positional" | "constraints">;

/** In front of a semicolon what is given by place. */
function parseConstraints(cursor: Cursor, opening: Token): Constraints {
  const item = (): DrlExpr => cursor.item(opening, () => cursor.expression(), hole(opening.start, opening.end));
  const list = (): readonly DrlExpr[] => (cursor.is(")") ? [] : cursor.list(item));
  const first = list();
  if (cursor.accept(";") === undefined) return { positional: [], constraints: first };
  return { positional: first, constraints: list() };
}

function parseOver(cursor: Cursor): DrlWindow | undefined {
  if (!cursor.isWord("over")) return undefined;
  const { start } = cursor.take();
  if (cursor.acceptWord("window") === undefined) throw cursor.unexpected("`window:time(…)` or `window:length(…)`");
  cursor.expect(":");
  const name = cursor.word("`time` or `length`");
  const opening = cursor.expect("(");
  const [args, { end }] = parseArguments(cursor, opening);
  parseAnnotations(cursor);
  return { name, args, start, end };
}

function parseFrom(cursor: Cursor): DrlFrom | undefined {
  const from = cursor.acceptWord("from");
  if (from === undefined) return undefined;
  const { next } = cursor;
  if (cursor.isWord("entry") && cursor.is("-", 1) && cursor.isWord("point", 2) && adjoin(next, cursor.peek(1))) {
    for (let i = 0; i < 3; i++) cursor.take();
    const name = cursor.accept("string") ?? cursor.expect("name", "the name of an entry point");
    cursor.refuse("entryPoint", { start: next.start, end: name.end });
    return { kind: "nothing" };
  }
  if (cursor.isWord("window") && cursor.is("name", 1) && !cursor.peek(1).first) {
    cursor.take();
    return { kind: "window", name: wordOf(cursor.take()) };
  }
  if (cursor.isWord("collect") && cursor.is("(", 1)) {
    cursor.take();
    const read = (): DrlFrom => ({ kind: "collect", source: cursor.condition() });
    return cursor.inside(cursor.take(), ")", read, { kind: "nothing" })[0];
  }
  if ((cursor.isWord("accumulate") || cursor.isWord("acc")) && cursor.is("(", 1)) return parseSourceAccumulate(cursor);
  if (cursor.isWord("groupby") && cursor.is("(", 1)) {
    const { start } = cursor.take();
    const closing = cursor.skipBrackets(cursor.take());
    cursor.refuse("groupby", { start, end: closing?.end ?? cursor.next.start });
    return { kind: "nothing" };
  }
  return { kind: "expression", expr: cursor.within(inSource, () => cursor.sum()) };
}
