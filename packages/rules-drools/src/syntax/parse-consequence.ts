import type { Extent } from "@acteon/rules";
import type { DrlConsequence } from "./ast.ts";
import type { DrlExpr, Word } from "./ast-expression.ts";
import { inValue, Unreadable, wordOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { parseArguments } from "./parse-arguments.ts";

/** A statement of a right-hand side. */
export type DrlAct =
  | DrlActCall
  /** Anything else: it is called by its first words. */
  | (Extent & { readonly kind: "java"; readonly name: string })
  /** It could not be read, which was reported. */
  | (Extent & { readonly kind: "nothing" });

/** `suppress("reason");`, `modify($a) { … }`. */
export interface DrlActCall extends Extent {
  readonly kind: "call";
  readonly name: Word;
  readonly args: readonly DrlExpr[];
  readonly changes: readonly DrlChange[] | undefined;
}

/** `payload.severity = "low"`, `payload.remove("x")`. */
export interface DrlChange extends Extent {
  readonly target: DrlExpr;
  readonly value: DrlExpr | undefined;
}

/**
 * The statements of a right-hand side, as far as they are calls; with the first that is Java it ends.
 *
 * @param isCall Is this the name of something that may be called? A call of anything else is Java.
 */
export function parseConsequence(
  cursor: Cursor,
  consequence: DrlConsequence,
  isCall: (name: string) => boolean,
): readonly DrlAct[] {
  const part = cursor.over(cursor.source, consequence.from, consequence.until);
  const acts: DrlAct[] = [];
  while (!part.is("end")) {
    if (part.accept(";") !== undefined) continue;
    const act = parseAct(part, isCall);
    acts.push(act);
    if (act.kind !== "call") break;
  }
  return acts;
}

function parseAct(cursor: Cursor, isCall: (name: string) => boolean): DrlAct {
  const { next } = cursor;
  const { start } = next;
  if (next.kind !== "name" || !cursor.is("(", 1) || !isCall(next.text)) return javaAt(cursor);
  const name = wordOf(cursor.take());
  try {
    return cursor.within(inValue, () => {
      const [args, closing] = parseArguments(cursor, cursor.take());
      const opening = cursor.accept("{");
      if (opening === undefined) return { kind: "call", name, args, changes: undefined, start, end: closing.end };
      const read = (): readonly DrlChange[] => parseChanges(cursor);
      const [changes, { end }] = cursor.inside(opening, "}", read, []);
      return { kind: "call", name, args, changes, start, end };
    });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: "nothing", start, end: cursor.next.start };
  }
}

function parseChanges(cursor: Cursor): readonly DrlChange[] {
  const changes: DrlChange[] = [];
  while (!cursor.is("}") && !cursor.is("end")) {
    const target = cursor.expression();
    const value = cursor.accept("=") === undefined ? undefined : cursor.expression();
    changes.push({ target, value, start: target.start, end: (value ?? target).end });
    if (cursor.accept(",") === undefined && cursor.accept(";") === undefined) break;
  }
  return changes;
}

/** Under the name of what is called, with its dots; else under its first word. */
function javaAt(cursor: Cursor): DrlAct {
  const { start } = cursor.next;
  let { end } = cursor.take();
  while (cursor.is(".") && cursor.is("name", 1)) {
    cursor.take();
    ({ end } = cursor.take());
  }
  return { kind: "java", name: cursor.source.text.slice(start, end), start, end };
}
