import type { TypeName, Word } from "./ast-expression.ts";
import type { Cursor } from "./cursor.ts";

/** `a.b.c`, or, where `wildcard` says so, `a.b.*`. */
export function parseQualifiedName(cursor: Cursor, { wildcard = false } = {}): Word {
  const first = cursor.word("a name");
  let { text, end } = first;
  while (cursor.is(".") && !cursor.is(".", 1)) {
    cursor.take();
    const part = wildcard && cursor.is("*") ? cursor.take() : cursor.word("a name");
    text += `.${part.text}`;
    end = part.end;
  }
  return { text, start: first.start, end };
}

/** The name of a Java type, with its type arguments and the brackets of an array, both of which mean nothing here. */
export function parseTypeName(cursor: Cursor): TypeName {
  const name = parseQualifiedName(cursor);
  let { text, end } = name;
  for (;;) {
    if (cursor.is("<")) {
      end = skipTypeArguments(cursor);
      if (cursor.accept(".") === undefined) continue;
      const inner = parseQualifiedName(cursor);
      text += `.${inner.text}`;
      end = inner.end;
    } else if (cursor.is("[") && cursor.is("]", 1)) {
      cursor.take();
      end = cursor.take().end;
    } else if (cursor.is(".") && cursor.is(".", 1) && cursor.is(".", 2)) {
      cursor.take();
      cursor.take();
      end = cursor.take().end;
    } else {
      return { text, simple: text.slice(text.lastIndexOf(".") + 1), start: name.start, end };
    }
  }
}

/** `<String, ? extends Number>`; where it ends. */
export function skipTypeArguments(cursor: Cursor): number {
  cursor.expect("<");
  cursor.nested(() => {
    while (!cursor.is(">")) {
      if (cursor.accept("?") !== undefined) {
        if (cursor.acceptWord("extends") ?? cursor.acceptWord("super")) parseTypeName(cursor);
      } else {
        parseTypeName(cursor);
        if (cursor.acceptWord("extends") !== undefined) parseTypeName(cursor);
      }
      if (cursor.accept(",") === undefined) break;
    }
  });
  return cursor.expect(">").end;
}
