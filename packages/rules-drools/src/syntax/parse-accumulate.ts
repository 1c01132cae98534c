import type { DrlAccumulate, DrlCondition, DrlFrom, DrlFunctionCall, DrlNothing } from "./ast-condition.ts";
import type { DrlExpr } from "./ast-expression.ts";
import { inValue, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Token } from "./token.ts";

/** `accumulate( source; functions; constraints )`, an element. */
export function parseAccumulate(cursor: Cursor): DrlAccumulate | DrlNothing {
  const { start } = cursor.take();
  const opening = cursor.take();
  const read = (): DrlAccumulate | DrlNothing => {
    const source = parseSource(cursor);
    if (skipBody(cursor, opening)) return { kind: "nothing", start, end: start };
    const functions = cursor.list(() => parseFunctionCall(cursor));
    const hasConstraints = cursor.accept(";") !== undefined && !cursor.is(")");
    const constraint = (): DrlExpr => cursor.within(inValue, () => cursor.expression());
    const constraints = hasConstraints ? cursor.list(constraint) : [];
    return { kind: "accumulate", source, functions, constraints, start, end: start };
  };
  const [element, { end }] = cursor.inside(opening, ")", read, { kind: "nothing", start, end: start });
  return { ...element, end };
}

/** `from accumulate( source, function )`. */
export function parseSourceAccumulate(cursor: Cursor): DrlFrom {
  cursor.take();
  const opening = cursor.take();
  const read = (): DrlFrom => {
    const source = parseSource(cursor);
    if (skipBody(cursor, opening)) return { kind: "nothing" };
    return { kind: "accumulate", source, function: parseFunctionCall(cursor) };
  };
  return cursor.inside(opening, ")", read, { kind: "nothing" })[0];
}

function parseSource(cursor: Cursor): DrlCondition {
  const source = cursor.condition();
  if (cursor.accept(",") === undefined && cursor.accept(";") === undefined) {
    throw cursor.unexpected(
      "`;` and what is accumulated",
      "as in `accumulate( Alert( $v : value ) from …; $sum : sum($v) )`",
    );
  }
  return source;
}

/** `init( … ) action( … ) result( … )` is refused, and left behind. */
function skipBody(cursor: Cursor, opening: Token): boolean {
  if (!cursor.isWord("init") || !cursor.is("(", 1)) return false;
  const { start, end } = cursor.next;
  cursor.refuse("accumulateBody", { start, end });
  if (opening.partner === undefined) throw cursor.unexpected("the `)` of `accumulate`");
  cursor.goTo(opening.partner);
  return true;
}

function parseFunctionCall(cursor: Cursor): DrlFunctionCall {
  const { start } = cursor.next;
  const isBound = cursor.is("name") && (cursor.is(":", 1) || cursor.is(":=", 1));
  const binding = isBound ? wordOf(cursor.take()) : undefined;
  const sign = isBound ? cursor.take() : undefined;
  if (sign?.kind === ":=") cursor.refuse("unification", sign);
  const name = cursor.word("a function, as in `$n : count()`");
  const opening = cursor.expect("(");
  const [args, { end }] = parseArguments(cursor, opening);
  return { binding, name, args, start, end };
}
