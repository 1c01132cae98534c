import { didYouMean } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlSource } from "../source.ts";
import type { DrlFile, DrlStatement } from "./ast.ts";
import { Cursor, Unreadable } from "./cursor.ts";
import { grammar } from "./grammar.ts";
import { parseAttribute } from "./parse-attributes.ts";
import { parseDeclaration } from "./parse-declaration.ts";
import { parseFunction } from "./parse-function.ts";
import { parseQuery, parseRule } from "./parse-rule.ts";
import { parseQualifiedName, parseTypeName } from "./parse-type.ts";
import { statementWords } from "./token.ts";
import type { Token } from "./token.ts";

/** A file of statements. After a mistake reading goes on with the next one. */
export function parseFile(source: DrlSource, tokens: readonly Token[]): DrlFile {
  const cursor = new Cursor(source, tokens, grammar);
  const statements: DrlStatement[] = [];
  while (!cursor.is("end") && !refuseForeign(cursor)) {
    const before = cursor.at;
    try {
      const statement = parseStatement(cursor);
      if (statement !== undefined) statements.push(statement);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (cursor.at === before) cursor.take();
      cursor.skipStatement();
    }
  }
  return { statements };
}

/** What follows is no DRL: templates, and texts in a language of their own, are refused as a whole. */
function refuseForeign(cursor: Cursor): boolean {
  const { start, end } = cursor.next;
  const second = cursor.peek(1);
  if (cursor.isWord("template") && second.text === "header") {
    cursor.refuse("template", { start, end: second.end });
  } else if (cursor.is("#") && second.text === "set" && cursor.is("(", 2)) {
    cursor.refuse("template", { start, end: second.end });
  } else if (cursor.isWord("expander") || (cursor.isWord("use") && second.text === "expander")) {
    cursor.refuse("expander", { start, end });
  } else {
    return false;
  }
  return true;
}

function parseStatement(cursor: Cursor): DrlStatement | undefined {
  if (cursor.accept(";") !== undefined) return undefined;
  const attribute = parseAttribute(cursor);
  if (attribute !== undefined) {
    cursor.accept(";");
    return { kind: "attribute", attribute, start: attribute.start, end: attribute.end };
  }
  const { text, start, kind } = cursor.next;
  if (kind !== "name" || !statementWords.has(text)) throw unknownStatement(cursor);
  cursor.take();
  switch (text) {
    case "rule":
      return parseRule(cursor, start);
    case "query":
      return parseQuery(cursor, start);
    case "function":
      return parseFunction(cursor, start);
    case "declare":
      return parseDeclaration(cursor, start);
    case "global": {
      parseTypeName(cursor);
      const name = cursor.word("the name of the global");
      cursor.accept(";");
      return { kind: "global", name, start, end: name.end };
    }
    case "import":
      return parseImport(cursor, start);
    default: {
      const name = parseQualifiedName(cursor);
      cursor.accept(";");
      return { kind: text === "unit" ? "unit" : "package", name: name.text, start, end: name.end };
    }
  }
}

/** `import a.B`, `import function a.B.f`, `import accumulate a.B f`. */
function parseImport(cursor: Cursor, start: number): DrlStatement {
  const isPlain = (): boolean => cursor.is(".", 1);
  const isAccumulate = !isPlain() && (cursor.isWord("accumulate") || cursor.isWord("acc"));
  if (isAccumulate || (!isPlain() && (cursor.isWord("function") || cursor.isWord("static")))) cursor.take();
  const { text, end } = parseQualifiedName(cursor, { wildcard: true });
  if (isAccumulate) cursor.word("the name of the function");
  cursor.accept(";");
  return { kind: "import", name: text, start, end };
}

function unknownStatement(cursor: Cursor): Unreadable {
  const near = cursor.is("name") ? nearest(cursor.source, cursor.next.text, () => statementWords) : undefined;
  const help = near === undefined ? 'a rule is `rule "name" when … then … end`' : didYouMean(near).help;
  return cursor.unexpected("a rule, or another statement", help);
}
