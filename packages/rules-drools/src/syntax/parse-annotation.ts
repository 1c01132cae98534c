import type { DrlAnnotation } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseQualifiedName } from "./parse-type.ts";

/** As many annotations as there are: `@name`, `@name( anything )`. */
export function parseAnnotations(cursor: Cursor): readonly DrlAnnotation[] {
  const annotations: DrlAnnotation[] = [];
  for (let at = cursor.accept("@"); at !== undefined; at = cursor.accept("@")) {
    const name = parseQualifiedName(cursor);
    const opening = cursor.is("(") && !cursor.next.first ? cursor.take() : undefined;
    const closing = opening && cursor.skipBrackets(opening);
    if (opening !== undefined && closing === undefined) throw cursor.unexpected("the `)` of the annotation");
    const value = opening && closing && cursor.source.text.slice(opening.end, closing.start).trim();
    annotations.push({ name, value, start: at.start, end: closing?.end ?? name.end });
  }
  return annotations;
}
