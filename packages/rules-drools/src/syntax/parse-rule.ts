import { didYouMean } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlAnnotation, DrlAttribute, DrlConsequence, DrlParameter, DrlQuery, DrlRule } from "./ast.ts";
import type { DrlCondition } from "./ast-condition.ts";
import type { Word } from "./ast-expression.ts";
import { Unreadable, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseAnnotations } from "./parse-annotation.ts";
import { attributeNameAt, attributeNames, isAttribute, parseAttribute } from "./parse-attributes.ts";
import { beginsRule, parseConditions } from "./parse-condition.ts";
import { parseTypeName } from "./parse-type.ts";
import { readText } from "./text-literal.ts";
import { statementWords } from "./token.ts";
import type { Token, TokenKind } from "./token.ts";

/** `rule … when … then … end`, behind the word. */
export function parseRule(cursor: Cursor, start: number): DrlRule {
  const name = parseName(cursor, "rule");
  const parent = cursor.acceptWord("extends") === undefined ? undefined : parseName(cursor, "rule");
  const { annotations, attributes } = parseHead(cursor);
  const head = { kind: "rule", name, parent, annotations, attributes, start } as const;
  try {
    if (cursor.acceptWord("when") === undefined) {
      if (!cursor.isWord("then")) throw unknownAttribute(cursor);
    } else {
      cursor.accept(":");
    }
    const conditions = parseConditions(cursor, "then");
    const consequence = parseConsequence(cursor, name);
    return { ...head, conditions, consequence, end: cursor.last?.end ?? name.end };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // What it decides may still be read, and its mistakes told.
    const conditions: readonly DrlCondition[] = [{ kind: "nothing", start, end: start }];
    const consequence = skipToThen(cursor) ? parseConsequence(cursor, name) : undefined;
    return { ...head, conditions, consequence, end: cursor.last?.end ?? name.end };
  }
}

/** `query name(parameters) … end`, behind the word. */
export function parseQuery(cursor: Cursor, start: number): DrlQuery {
  const name = parseName(cursor, "query");
  const opening = cursor.accept("(");
  const parameters = opening === undefined ? [] : parseParameters(cursor, opening);
  parseHead(cursor);
  const conditions = parseConditions(cursor, "end");
  const end = cursor.acceptWord("end");
  if (end === undefined) throw cursor.unexpected("`end`");
  cursor.accept(";");
  return { kind: "query", name, parameters, conditions, start, end: end.end };
}

/** `(String a, int[] b, $c)`, behind the bracket. */
export function parseParameters(cursor: Cursor, opening: Token): readonly DrlParameter[] {
  const parameter = (): DrlParameter => {
    const { start } = cursor.next;
    if (cursor.isWord("final") && cursor.is("name", 1)) cursor.take();
    if (cursor.is("name") && (cursor.is(",", 1) || cursor.is(")", 1))) {
      const name = wordOf(cursor.take());
      return { type: undefined, name, start, end: name.end };
    }
    const type = parseTypeName(cursor);
    const name = cursor.word("the name of a parameter");
    while (cursor.is("[") && cursor.is("]", 1)) cursor.skipBrackets(cursor.take());
    return { type, name, start, end: name.end };
  };
  return cursor.inside(opening, ")", () => (cursor.is(")") ? [] : cursor.list(parameter)), [])[0];
}

/** A name, or a text that is one. */
function parseName(cursor: Cursor, of: "rule" | "query"): Word {
  const isMissing = cursor.next.first && (cursor.isWord("when") || cursor.isWord("then"));
  if (isMissing) throw cursor.unexpected(`the name of a ${of}`);
  const token = cursor.accept("string") ?? cursor.expect("name", `the name of a ${of}`);
  return token.kind === "string" ? { ...wordOf(token), text: readText(token.text) } : wordOf(token);
}

interface Head {
  readonly annotations: readonly DrlAnnotation[];
  readonly attributes: readonly DrlAttribute[];
}

function parseHead(cursor: Cursor): Head {
  const annotations: DrlAnnotation[] = [];
  const attributes: DrlAttribute[] = [];
  for (;;) {
    annotations.push(...parseAnnotations(cursor));
    if (cursor.isWord("attributes") && cursor.is(":", 1)) {
      cursor.take();
      cursor.take();
    }
    const attribute = parseAttribute(cursor);
    if (attribute === undefined && !cursor.is("@")) return { annotations, attributes };
    if (attribute !== undefined) attributes.push(attribute);
    cursor.accept(",");
  }
}

function unknownAttribute(cursor: Cursor): Unreadable {
  const near = nearest(cursor.source, attributeNameAt(cursor)?.text ?? "", () => ["when", "then", ...attributeNames]);
  return cursor.unexpected("`when`, `then` or an attribute", didYouMean(near).help);
}

/** Behind a mistake of the left-hand side; `false`: another statement, or the end, comes first. */
function skipToThen(cursor: Cursor): boolean {
  for (; !cursor.is("end"); cursor.take()) {
    if (cursor.isWord("then")) return true;
    if (cursor.next.first && cursor.is("name") && statementWords.has(cursor.next.text)) return false;
  }
  return false;
}

/** What stands behind `then`, up to the `end` of the rule: where that is, Java does not tell. */
function parseConsequence(cursor: Cursor, rule: Word): DrlConsequence | undefined {
  const then = cursor.acceptWord("then");
  if (then === undefined) throw cursor.unexpected("`then`");
  refuseName(cursor);
  const from = cursor.at;
  for (; !cursor.is("end"); cursor.take()) {
    if (cursor.isWord("then") && cursor.next.first && cursor.is("[", 1)) {
      cursor.take();
      refuseName(cursor);
    }
    if (cursor.isWord("end") && endsRule(cursor, then)) {
      const until = cursor.at;
      const { start } = cursor.take();
      cursor.accept(";");
      return { from, until, start: then.end, end: start };
    }
    if (beginsRule(cursor)) break;
  }
  cursor.source.error({
    code: "ACT-R001",
    at: rule,
    summary: `the rule \`${rule.text}\` does not end`,
    label: "no `end` on a line of its own",
  });
  return undefined;
}

/** `then[name]`. */
function refuseName(cursor: Cursor): void {
  const opening = cursor.next;
  if (opening.kind !== "[") return;
  const closing = cursor.skipBrackets(cursor.take());
  cursor.refuse("namedConsequence", { start: opening.start, end: closing?.end ?? opening.end });
}

/** What a statement of Java may end with. */
const endings: ReadonlySet<TokenKind> = new Set([";", ")", "}", "]", "number", "string", "++", "--"]);

/** Is it the `end` of a rule, and not a name of Java's? That stands inside a line. */
function endsRule(cursor: Cursor, then: Token): boolean {
  const word = cursor.next;
  const behind = cursor.peek(1);
  const isAlone =
    behind.kind === "end" || behind.first || behind.kind === ";" || (behind.kind === "name" && beginsStatement(cursor));
  return isAlone && (word.first || cursor.last === then || endings.has(cursor.last?.kind ?? "end"));
}

/** Behind an `end`. */
function beginsStatement(cursor: Cursor): boolean {
  const at = cursor.at;
  cursor.take();
  const begins = statementWords.has(cursor.next.text) || isAttribute(cursor);
  cursor.goTo(at);
  return begins;
}
