import type { DrlAttribute } from "./ast.ts";
import type { DrlExpr, Word } from "./ast-expression.ts";
import { adjoin, inValue } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { made } from "./made.ts";
import { readText } from "./text-literal.ts";

/** What each attribute takes: a value, a flag that is true where it is left out, a text, or a timer. */
const attributeValues: ReadonlyMap<string, "value" | "flag" | "text" | "timer" | "calendars"> = new Map([
  ["salience", "value"],
  ["enabled", "value"],
  ["no-loop", "flag"],
  ["auto-focus", "flag"],
  ["lock-on-active", "flag"],
  ["agenda-group", "text"],
  ["activation-group", "text"],
  ["ruleflow-group", "text"],
  ["date-effective", "text"],
  ["date-expires", "text"],
  ["dialect", "text"],
  ["timer", "timer"],
  ["duration", "timer"],
  ["calendars", "calendars"],
]);

export const attributeNames: readonly string[] = [...attributeValues.keys()];

/** The attribute that stands next, if one does; its name may have hyphens. */
export function parseAttribute(cursor: Cursor): DrlAttribute | undefined {
  const name = attributeNameAt(cursor);
  const takes = name && attributeValues.get(name.text);
  if (name === undefined || takes === undefined) return undefined;
  while (cursor.next.start < name.end) cursor.take();
  const value = parseValue(cursor, name, takes);
  return { name, value, start: name.start, end: cursor.last?.end ?? name.end };
}

export function isAttribute(cursor: Cursor): boolean {
  return attributeValues.has(attributeNameAt(cursor)?.text ?? "");
}

/** `no-loop` is three tokens. */
export function attributeNameAt(cursor: Cursor): Word | undefined {
  const first = cursor.next;
  if (first.kind !== "name") return undefined;
  let last = first;
  for (let ahead = 1; cursor.is("-", ahead) && cursor.is("name", ahead + 1); ahead += 2) {
    const hyphen = cursor.peek(ahead);
    const part = cursor.peek(ahead + 1);
    if (!adjoin(last, hyphen) || !adjoin(hyphen, part)) break;
    last = part;
  }
  return { text: cursor.source.text.slice(first.start, last.end), start: first.start, end: last.end };
}

function parseValue(
  cursor: Cursor,
  name: Word,
  takes: "value" | "flag" | "text" | "timer" | "calendars",
): DrlAttribute["value"] {
  switch (takes) {
    case "value":
      return { kind: "expression", expr: parseBracketed(cursor) };
    case "flag": {
      const isGiven = cursor.isWord("true") || cursor.isWord("false") || (cursor.is("(") && !cursor.next.first);
      const { end } = name;
      const expr = isGiven
        ? parseBracketed(cursor)
        : made(cursor, { kind: "literal", type: "bool", value: true, start: end, end });
      return { kind: "expression", expr };
    }
    case "text": {
      const token = cursor.accept("string") ?? cursor.expect("name", `the text of \`${name.text}\``);
      return { kind: "text", text: token.kind === "string" ? readText(token.text) : token.text };
    }
    case "calendars":
      cursor.refuse("calendars", name);
      cursor.list(() => cursor.accept("string") ?? cursor.expect("name", "the name of a calendar"));
      return { kind: "chunk" };
    case "timer": {
      const opening = cursor.accept("(");
      const closing = opening && cursor.skipBrackets(opening);
      if (opening !== undefined && closing === undefined) throw cursor.unexpected(`the \`)\` of \`${name.text}\``);
      if (opening === undefined && cursor.accept("string") === undefined) cursor.expect("number", "a time");
      return { kind: "chunk" };
    }
  }
}

/** A number or a flag, or any expression in brackets. */
function parseBracketed(cursor: Cursor): DrlExpr {
  const opening = cursor.accept("(");
  if (opening === undefined) return cursor.within(inValue, () => cursor.sum());
  const none = made(cursor, { kind: "hole", start: opening.start, end: opening.end });
  return cursor.within(inValue, () => cursor.inside(opening, ")", () => cursor.expression(), none))[0];
}
