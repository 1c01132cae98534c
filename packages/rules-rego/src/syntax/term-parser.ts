import type { Extent } from "@acteon/rules";
import type { Body, CallTerm, ExprStatement, HoleTerm, RefTerm, Statement, Term, VarTerm } from "./ast.ts";
import { isBodySign, isComprehension } from "./bracket-meaning.ts";
import { childrenOf } from "./children.ts";
import { numberValue } from "./number-literal.ts";
import { operatorLevels } from "./operators.ts";
import { maxDepth, TokenReader } from "./token-reader.ts";
import { isKeyword } from "./token.ts";
import type { Token, TokenKind } from "./token.ts";

/** What a bracket turned out to hold, without its place. */
type BracketFields =
  | { readonly kind: "array" | "set"; readonly items: readonly Term[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Term, Term])[] }
  | {
      readonly kind: "comprehension";
      readonly collect: "array" | "set" | "object";
      readonly key: Term | undefined;
      readonly value: Term;
      readonly body: Body;
    }
  | { readonly kind: "hole" };

const hole = { kind: "hole" } as const;

/** Reads terms: values, references, calls, operators, comprehensions. */
export abstract class TermParser extends TokenReader {
  /** Levels of nodes below each, itself included. */
  readonly #depths = new Map<Term | Statement, number>();

  /** Statements up to a closing bracket, which is left. */
  protected abstract body(close: number): Body;

  /** What stands in the braces of a template. */
  protected abstract templateExpression(): ExprStatement;

  /**
   * A term with operators in it.
   * @param isKeyed May it be `key, value in collection`? Not where a comma parts one item from the next.
   * @param first What was read of it.
   */
  protected infix(isKeyed: boolean, first?: Term): Term {
    let left = this.#binary(0, first);
    for (;;) {
      if (isKeyed && this.accept(",") !== undefined) {
        const value = this.#binary(0);
        const operator = this.expect("in", "`in`, as in `key, value in xs`");
        left = this.operation("internal.member_3", operator, [left, value, this.#binary(0)]);
      } else if (this.next.kind === "in") {
        left = this.operation("internal.member_2", this.take(), [left, this.#binary(0)]);
      } else if (this.next.kind === "foreign" && /^(?:&&|\|\|)$/.test(this.next.text)) {
        this.unexpected("an operator of Rego, or the end of the line");
        this.take();
        this.#binary(0);
      } else {
        return left;
      }
    }
  }

  /** A term without `in`: the parts of `some key, value in collection` are such. */
  protected relation(): Term {
    return this.#binary(0);
  }

  #binary(level: number, first?: Term): Term {
    const operators = operatorLevels[level];
    if (operators === undefined) return first ?? this.#term();
    let left = this.#binary(level + 1, first);
    for (;;) {
      const name = operators.get(this.next.kind);
      if (name === undefined) return left;
      const operator = this.take();
      left = this.operation(name, operator, [left, this.#binary(level + 1)]);
    }
  }

  #term(): Term {
    const sign = this.accept("-");
    if (sign === undefined) return this.#lookedInto(this.#primary());
    if (this.next.kind === "number") return this.#number(this.take(), sign);
    const zero = this.made({ kind: "scalar", value: 0, start: sign.start, end: sign.end });
    return this.operation("minus", sign, [zero, this.#lookedInto(this.#primary())]);
  }

  #primary(): Term {
    const { kind, text, start, end } = this.next;
    switch (kind) {
      case "name":
        return this.variable(this.take());
      case "true":
      case "false":
      case "null":
      case "string": {
        this.take();
        const value = kind === "string" ? text : kind === "null" ? null : kind === "true";
        return this.made({ kind: "scalar", value, start, end });
      }
      case "number":
        return this.#number(this.take(), undefined);
      case "template":
        this.take();
        return this.made({ kind: "template", parts: text === "" ? [] : [text], start, end });
      case "templateStart":
        return this.#template();
      case "[":
        return this.#bracketed(() => this.#arrayFields());
      case "{":
        return this.#bracketed(() => this.#braceFields());
      case "(": {
        const [term, close] = this.inside(() => this.infix(true), this.hole(this.next));
        return this.made({ ...term, start, end: close.end });
      }
      case "foreign":
        if (text !== "!") return this.fail("a term");
        this.unexpected("a term");
        while (this.next.text === "!") this.take();
        return this.#primary();
      default: {
        const help = "a keyword is no name: as a text it is quoted, as a field it stands behind a point";
        return this.fail("a term", isKeyword(text) ? help : undefined);
      }
    }
  }

  /** A term, and the fields, items and calls that stand right behind it. */
  #lookedInto(head: Term): Term {
    let term = head;
    for (;;) {
      const path = this.path();
      if (path.length > 0) this.#checkHead(term);
      if (!this.touches || this.next.kind !== "(") return path.length === 0 ? term : this.reference(term, path);
      term = this.#call(term, path);
    }
  }

  /** `.a[b]`, without a blank in it. */
  protected path(): readonly Term[] {
    const path: Term[] = [];
    while (this.touches) {
      if (this.accept(".") !== undefined) {
        if (!this.touches) this.fail("the name of a field");
        const { text, start, end } = this.expect(
          "name",
          "the name of a field",
          'any other is put in brackets: `x["a-b"]`',
        );
        path.push(this.made({ kind: "scalar", value: text, start, end }));
      } else if (this.next.kind === "[") {
        path.push(this.inside(() => this.infix(true), this.hole(this.next))[0]);
      } else {
        break;
      }
    }
    return path;
  }

  protected reference(head: Term, path: readonly Term[]): RefTerm {
    return this.made({ kind: "ref", head, path, start: head.start, end: this.previousEnd });
  }

  #checkHead(head: Term): void {
    if (head.kind !== "scalar" && head.kind !== "template") return;
    this.syntaxError(head, "nothing can be looked up in this", { label: "neither a document nor a collection" });
  }

  #call(head: Term, path: readonly Term[]): Term {
    const operatorExtent = { start: head.start, end: this.previousEnd };
    const { args, end } = this.args();
    const operator = dottedName(head, path);
    if (operator === undefined) {
      this.syntaxError(operatorExtent, "a function is called by its name", { label: "not the name of a function" });
      return this.hole({ start: head.start, end });
    }
    if (operator.join(".") === "set" && args.length === 0) {
      return this.made({ kind: "set", items: [], start: head.start, end });
    }
    return this.made({ kind: "call", operator, operatorExtent, args, start: head.start, end });
  }

  /** From the opening parenthesis to the closing one. */
  protected args(): { readonly args: readonly Term[]; readonly end: number } {
    const [args, { end }] = this.inside(() => this.#listed(")", () => this.infix(false)), []);
    return { args, end };
  }

  #bracketed(read: () => BracketFields): Term {
    const { start } = this.next;
    const [fields, { end }] = this.inside<BracketFields>(read, hole);
    return this.made({ ...fields, start, end } as Term);
  }

  #arrayFields(): BracketFields {
    const opening = this.position - 1;
    if (this.next.kind === "]") return { kind: "array", items: [] };
    const first = this.#term();
    if (this.#beginsBody(opening)) return this.#comprehension("array", undefined, first, opening);
    return { kind: "array", items: this.#listed("]", () => this.infix(false), this.infix(false, first)) };
  }

  #braceFields(): BracketFields {
    const opening = this.position - 1;
    if (this.next.kind === "}") return { kind: "object", entries: [] };
    const first = this.#term();
    if (this.#beginsBody(opening)) return this.#comprehension("set", undefined, first, opening);
    const key = this.infix(false, first);
    if (this.accept(":") === undefined) {
      return { kind: "set", items: this.#listed("}", () => this.infix(false), key) };
    }
    const value = this.#term();
    if (this.#beginsBody(opening)) return this.#comprehension("object", key, value, opening);
    const entry = (): readonly [Term, Term] => {
      const name = this.infix(false);
      this.expect(":", "`:` and the value of the key");
      return [name, this.infix(false)];
    };
    return { kind: "object", entries: this.#listed("}", entry, [key, this.infix(false, value)]) };
  }

  #comprehension(
    collect: "array" | "set" | "object",
    key: Term | undefined,
    value: Term,
    opening: number,
  ): BracketFields {
    this.take();
    return { kind: "comprehension", collect, key, value, body: this.body(this.tokens.closeOf(opening)!) };
  }

  /** Items with commas between them, up to the closing bracket, which is left. The last may have a comma, too. */
  #listed<T>(close: TokenKind, item: () => T, first?: T): readonly T[] {
    const items: T[] = first === undefined ? [] : [first];
    const isOpen = first === undefined || this.accept(",") !== undefined;
    while (isOpen && this.next.kind !== close) {
      items.push(item());
      if (this.accept(",") === undefined) break;
    }
    if (isBodySign(this.next.kind)) {
      this.fail(
        `\`,\` or \`${close}\``,
        "the value of a comprehension is one term, others stand in parentheses: `[(x + 1) | …]`",
      );
    }
    return items;
  }

  #beginsBody(opening: number): boolean {
    return isComprehension(this.tokens, this.position, this.tokens.closeOf(opening)!);
  }

  #template(): Term {
    const { start, text } = this.next;
    const parts: (string | ExprStatement)[] = text === "" ? [] : [text];
    const [, { end, text: last }] = this.inside(() => {
      for (;;) {
        parts.push(this.templateExpression());
        const middle = this.accept("templateMiddle");
        if (middle === undefined) return;
        if (middle.text !== "") parts.push(middle.text);
      }
    }, undefined);
    if (last !== "") parts.push(last);
    return this.made({ kind: "template", parts, start, end });
  }

  #number({ text, start, end }: Token, sign: Token | undefined): Term {
    const at = { start: sign?.start ?? start, end };
    const value = numberValue((sign === undefined ? "" : "-") + text);
    if (value === undefined) {
      this.report({ code: "ACT-R007", at, summary: "a number of too many digits" });
    }
    return this.made({ kind: "scalar", value: value ?? 0, ...at });
  }

  protected variable({ text, start, end }: Token): VarTerm {
    return this.made({ kind: "var", name: text, start, end });
  }

  protected operation(name: string, { start, end }: Token, args: readonly Term[]): CallTerm {
    const operatorExtent = { start, end };
    return this.made({
      kind: "call",
      operator: name.split("."),
      operatorExtent,
      args,
      start: args[0]!.start,
      end: this.previousEnd,
    });
  }

  protected hole({ start, end }: Extent): HoleTerm {
    return this.made({ kind: "hole", start, end });
  }

  /** With its depth known; one that is too deep is reported and given up. */
  protected made<T extends Term | Statement>(node: T): T {
    let below = 0;
    for (const child of childrenOf(node)) below = Math.max(below, this.#depths.get(child) ?? 0);
    if (below >= maxDepth) throw this.tooDeep();
    this.#depths.set(node, below + 1);
    return node;
  }
}

/** Of `a.b.c` the names. */
function dottedName(head: Term, path: readonly Term[]): readonly string[] | undefined {
  if (head.kind !== "var") return undefined;
  const names = path.map((part) => (part.kind === "scalar" && typeof part.value === "string" ? part.value : undefined));
  return names.includes(undefined) ? undefined : [head.name, ...(names as string[])];
}
