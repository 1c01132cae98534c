import type { DrlDeclaration, DrlField, DrlStatement, DrlWindowDeclaration } from "./ast.ts";
import type { TypeName, Word } from "./ast-expression.ts";
import { inSource } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseAnnotations } from "./parse-annotation.ts";
import { parseQualifiedName, parseTypeName } from "./parse-type.ts";

/** `declare … end`, behind the word; `undefined`: it is outside the dialect, which was reported. */
export function parseDeclaration(cursor: Cursor, start: number): DrlStatement | undefined {
  const kind = cursor.next;
  if (cursor.isWord("entry") && cursor.is("-", 1) && cursor.isWord("point", 2)) {
    for (let i = 0; i < 3; i++) cursor.take();
    const name = cursor.accept("string") ?? cursor.expect("name", "the name of an entry point");
    parseAnnotations(cursor);
    cursor.refuse("entryPoint", { start: kind.start, end: name.end });
    expectEnd(cursor);
    return undefined;
  }
  const isKind = cursor.is("name", 1) && !cursor.isWord("end", 1) && !cursor.isWord("extends", 1) && !cursor.is(":", 2);
  switch (isKind ? kind.text : "") {
    case "window":
      cursor.take();
      return parseWindow(cursor, start);
    case "trait":
      cursor.refuse("trait", cursor.take());
      parseType(cursor, start, false);
      return undefined;
    case "enum":
      cursor.take();
      return parseType(cursor, start, true);
    case "type":
      cursor.take();
      return parseType(cursor, start, false);
    default:
      return parseType(cursor, start, false);
  }
}

function expectEnd(cursor: Cursor): number {
  const end = cursor.acceptWord("end");
  if (end === undefined) throw cursor.unexpected("`end`");
  return cursor.accept(";")?.end ?? end.end;
}

function parseWindow(cursor: Cursor, start: number): DrlWindowDeclaration {
  const name = cursor.word("the name of a window");
  parseAnnotations(cursor);
  const element = cursor.condition();
  const pattern = element.kind === "pattern" ? element : undefined;
  cursor.accept(";");
  return { kind: "window", name, pattern, start, end: expectEnd(cursor) };
}

function parseType(cursor: Cursor, start: number, isEnum: boolean): DrlDeclaration {
  const name = parseQualifiedName(cursor);
  const parents: TypeName[] = [];
  const annotations = [...parseAnnotations(cursor)];
  if (cursor.acceptWord("extends") !== undefined) parents.push(...cursor.list(() => parseTypeName(cursor)));
  annotations.push(...parseAnnotations(cursor));
  const constants = isEnum ? parseConstants(cursor) : [];
  const fields: DrlField[] = [];
  while (!cursor.isWord("end") || cursor.is(":", 1)) {
    fields.push(parseField(cursor));
    if (cursor.accept(";") === undefined) cursor.accept(",");
  }
  return { kind: "declare", name, parents, annotations, fields, constants, start, end: expectEnd(cursor) };
}

/** `RED("r"), BLUE("b");`. */
function parseConstants(cursor: Cursor): readonly Word[] {
  const constants: Word[] = [];
  while (cursor.is("name") && !cursor.isWord("end") && !cursor.is(":", 1)) {
    constants.push(cursor.word("a constant"));
    const opening = cursor.accept("(");
    if (opening !== undefined && cursor.skipBrackets(opening) === undefined) throw cursor.unexpected("`)`");
    if (cursor.accept(",") === undefined) break;
  }
  cursor.accept(";");
  return constants;
}

function parseField(cursor: Cursor): DrlField {
  parseAnnotations(cursor);
  const name = cursor.word("a field, as in `severity : String`");
  cursor.expect(":", "`:` and the type of the field");
  const type = parseTypeName(cursor);
  const initial = cursor.accept("=") === undefined ? undefined : cursor.within(inSource, () => cursor.expression());
  parseAnnotations(cursor);
  return { name, type, initial, start: name.start, end: initial?.end ?? type.end };
}
