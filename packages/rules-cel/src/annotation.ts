import type { CelExpr } from "./ast.ts";
import type { Parser } from "./parser.ts";
import type { CelSource } from "./source.ts";

/** `@name(word, key = value, …)`, in front of an expression. */
export interface Annotation {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** What stands without a key: the verdict of `@on(…)`. */
  readonly word: AnnotationArgument | undefined;
  readonly args: ReadonlyMap<string, AnnotationArgument>;
}

export interface AnnotationArgument {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: CelExpr;
}

/** Behind the `@`. `undefined`: it cannot be read, and nothing of its rule can; that was reported. */
export function readAnnotation(source: CelSource, parser: Parser, start: number): Annotation | undefined {
  const name = parser.accept("name");
  if (name === undefined || parser.accept("(") === undefined) {
    parser.unexpected(name === undefined ? "`rule` or `on`" : "`(`", 'a rule begins with `@rule(name = "…")`');
    return undefined;
  }
  let word: AnnotationArgument | undefined;
  const args = new Map<string, AnnotationArgument>();
  while (parser.next.kind !== ")") {
    const { start: keyStart, end: keyEnd, text } = parser.next;
    const isNamed = parser.next.kind === "name" && parser.second.kind === "=";
    if (isNamed) {
      parser.take();
      parser.take();
    }
    const value = parser.expression();
    const argument = { keyStart, keyEnd, value };
    if (!isNamed) word ??= argument;
    else if (args.has(text)) duplicate(source, argument, text);
    else args.set(text, argument);
    if (value.kind === "hole" || parser.accept(",") === undefined) break;
  }
  const close = parser.accept(")");
  if (close !== undefined) return { name: name.text, start, end: close.end, word, args };
  parser.unexpected("`,` or `)`");
  return undefined;
}

function duplicate(source: CelSource, { keyStart, keyEnd }: AnnotationArgument, key: string): void {
  source.error({ code: "ACT-R004", at: { start: keyStart, end: keyEnd }, summary: `\`${key}\` is given twice` });
}
