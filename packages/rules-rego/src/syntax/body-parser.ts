import type {
  Body,
  Every,
  ExprStatement,
  SomeDeclaration,
  SomeIn,
  Statement,
  Term,
  VarTerm,
  WithModifier,
} from "./ast.ts";
import { TermParser } from "./term-parser.ts";
import type { Token } from "./token.ts";

/** Reads the statements of bodies. */
export abstract class BodyParser extends TermParser {
  protected override body(close: number): Body {
    const statements: Statement[] = [];
    while (this.position < close) {
      statements.push(this.#recovering(close));
      if (this.accept(";") !== undefined || this.position >= close || this.next.startsLine) continue;
      this.unexpected("the end of the line or `;`", this.#blockHelp());
      this.#skipStatement(close);
      this.accept(";");
    }
    if (statements.length > 0) return statements;
    this.unexpected("a condition", "a body that always holds is left away");
    return [this.#unreadStatement(this.next)];
  }

  #blockHelp(): string | undefined {
    if (this.next.kind !== "{") return undefined;
    return "no block stands here: what must hold, too, stands on lines of its own";
  }

  /** In braces. */
  protected braced(): Body {
    const { start, end } = this.next;
    const close = this.tokens.closeOf(this.position);
    return this.inside<Body>(() => this.body(close!), [this.#unreadStatement({ start, end })])[0];
  }

  #recovering(close: number): Statement {
    const opening = this.next;
    const from = this.position;
    try {
      return this.statement();
    } catch (error) {
      if (error !== this.unreadable) throw error;
      if (this.position === from) this.take();
      this.#skipStatement(close);
      return this.#unreadStatement(opening);
    }
  }

  /** Goes on to the next `;` or line of the body. */
  #skipStatement(close: number): void {
    let at = this.position;
    while (at < close && !this.tokens.at(at).startsLine && this.tokens.at(at).kind !== ";") at = this.tokens.behind(at);
    this.goTo(Math.min(at, close));
  }

  #unreadStatement({ start, end }: Pick<Token, "start" | "end">): ExprStatement {
    const term = this.hole({ start, end });
    return this.made({ kind: "expr", term, with: [], negated: false, start, end });
  }

  protected statement(): Statement {
    const { start } = this.next;
    const not = this.accept("not") ?? this.#foreignNot();
    if (this.next.kind !== "some" && this.next.kind !== "every") return this.#expression(start, not !== undefined);
    if (not !== undefined) {
      const help =
        this.next.kind === "some"
          ? "declare the variable on a line of its own, and negate what is said of it"
          : "`some x in xs` and then `not …` says that not all are so";
      this.syntaxError({ start, end: this.next.end }, `\`${this.next.kind}\` cannot be negated`, { help });
    }
    return this.next.kind === "some" ? this.#some() : this.#every();
  }

  #foreignNot(): Token | undefined {
    const { kind, text, start, end } = this.next;
    if (kind !== "foreign" || text !== "!") return undefined;
    const at = { start, end };
    const help = "write `not` in front of a condition";
    this.report({ code: "ACT-R001", at, summary: "`!` means nothing in Rego", help, fix: { at, text: "not " } });
    return this.take();
  }

  #expression(start: number, negated: boolean): ExprStatement {
    let term = this.infix(true);
    const sign = this.accept(":=") ?? this.accept("=");
    if (sign !== undefined) term = this.operation(sign.kind === "=" ? "eq" : "assign", sign, [term, this.infix(true)]);
    return this.made({ kind: "expr", term, with: this.#modifiers(), negated, start, end: this.previousEnd });
  }

  protected override templateExpression(): ExprStatement {
    const { kind, start } = this.next;
    if (kind === "not" || kind === "some" || kind === "every") this.fail("a term, whose value is put into the text");
    const statement = this.#expression(start, false);
    const { term } = statement;
    if (term.kind === "call" && (term.operator[0] === "assign" || term.operator[0] === "eq")) {
      this.syntaxError(term.operatorExtent, "a term of a template gives no variable its value");
    }
    return statement;
  }

  #some(): SomeDeclaration | SomeIn {
    const { start } = this.take();
    const parts: Term[] = [this.relation()];
    while (this.accept(",") !== undefined) parts.push(this.relation());
    if (this.accept("in") !== undefined) {
      const [first, second, third] = parts;
      if (third !== undefined) this.syntaxError(third, "`some … in` has a key and a value at most");
      const [key, value] = second === undefined ? [undefined, first!] : [first, second];
      const collection = this.relation();
      const end = this.previousEnd;
      return this.made({ kind: "someIn", key, value, collection, with: this.#modifiers(), negated: false, start, end });
    }
    const names = parts.flatMap((part) => this.#declared(part));
    return this.made({ kind: "some", names, with: [], negated: false, start, end: this.previousEnd });
  }

  #declared(part: Term): readonly VarTerm[] {
    if (part.kind === "var") return [part];
    if (part.kind !== "hole") {
      this.syntaxError(part, "`some` declares variables", {
        label: "not a variable",
        help: "write `some x, y`, or `some x in xs`",
      });
    }
    return [];
  }

  #every(): Every {
    const { start } = this.take();
    const help = "write `every x in xs { … }`";
    const first = this.#loopVariable(help);
    const second = this.accept(",") === undefined ? undefined : this.#loopVariable(help);
    this.expect("in", "`in`", help);
    const collection = this.relation();
    if (this.next.kind !== "{") this.fail("`{` and what must hold of each", help);
    const body = this.braced();
    const [key, value] = second === undefined ? [undefined, first] : [first, second];
    const modifiers = this.#modifiers();
    const end = this.previousEnd;
    return this.made({ kind: "every", key, value, collection, body, with: modifiers, negated: false, start, end });
  }

  #loopVariable(help: string): VarTerm {
    return this.variable(this.expect("name", "a variable", help));
  }

  #modifiers(): readonly WithModifier[] {
    const modifiers: WithModifier[] = [];
    for (;;) {
      const opening = this.accept("with");
      if (opening === undefined) return modifiers;
      const head = this.variable(this.expect("name", "what is replaced", "write `with input.x as value`"));
      const path = this.path();
      const target = path.length === 0 ? head : this.reference(head, path);
      this.expect("as", "`as` and the value to use instead");
      const value = this.infix(true);
      modifiers.push({ target, value, start: opening.start, end: this.previousEnd });
    }
  }
}
