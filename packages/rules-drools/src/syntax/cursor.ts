import type { Extent } from "@acteon/rules";
import type { DrlSource } from "../source.ts";
import type { DrlCondition } from "./ast-condition.ts";
import type { DrlExpr, Word } from "./ast-expression.ts";
import { refuse } from "./outside.ts";
import type { Construct } from "./outside.ts";
import { statementWords } from "./token.ts";
import type { Token, TokenKind } from "./token.ts";

/** Most levels of an expression, and of elements in each other: what walks over them goes down as deep. */
export const maxDepth = 200;

/** Which forms an expression may have, where it stands. */
export interface Mode {
  /** `$a : value`. */
  readonly labels: boolean;
  /** `x > 1 && < 5`. */
  readonly shortForms: boolean;
  /** Operators that are words, such as `contains`: behind `from` a word begins the next pattern. */
  readonly operators: boolean;
  /** The arguments of a call begin on its line: behind `from` a bracket on the next begins the next element. */
  readonly oneLine: boolean;
}

export const inConstraint: Mode = { labels: true, shortForms: true, operators: true, oneLine: false };
export const inValue: Mode = { labels: false, shortForms: false, operators: true, oneLine: false };
export const inSource: Mode = { labels: false, shortForms: false, operators: false, oneLine: true };

/** Unwinds to the nearest bracket that closes, or out of the statement. What is wrong was reported. */
export class Unreadable extends Error {
  /** Nothing of the statement is worth reading on. */
  readonly isFinal: boolean;
  constructor({ isFinal = false } = {}) {
    super("unreadable");
    this.isFinal = isFinal;
  }
}

/** What other languages write, and how DRL says it. */
const foreign: ReadonlyMap<string, string> = new Map([["=", "equality is written `==`"]]);

/** What is read in terms of itself: the files of the grammar reach each other through it. */
export interface Grammar {
  /** With every operator, as far as the mode has them. */
  readonly expression: (cursor: Cursor) => DrlExpr;
  /** Sums and what binds tighter: what stands where no comparison can. */
  readonly sum: (cursor: Cursor) => DrlExpr;
  /** Elements of a left-hand side with `or` and `and` between them. */
  readonly condition: (cursor: Cursor) => DrlCondition;
}

/** A place among the tokens of a file, or of a part of it, and what is common to all who read from there. */
export class Cursor {
  readonly source: DrlSource;
  readonly #grammar: Grammar;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at: number;
  #mode: Mode = inConstraint;
  #nesting = 0;
  /** Made once: a stack trace for each mistake of a hostile file would take longer than reading it. */
  readonly #unreadable = new Unreadable();

  constructor(
    source: DrlSource,
    tokens: readonly Token[],
    grammar: Grammar,
    { from = 0, until = tokens.length - 1 }: { readonly from?: number; readonly until?: number } = {},
  ) {
    this.source = source;
    this.#tokens = tokens;
    this.#grammar = grammar;
    this.#at = from;
    const { start, end } = tokens[until]!;
    this.#end = { kind: "end", start, end, text: "", first: true, index: until, partner: undefined };
  }

  /** A part of the same tokens; of problems `source` is told. */
  over(source: DrlSource, from: number, until: number): Cursor {
    return new Cursor(source, this.#tokens, this.#grammar, { from, until });
  }

  get mode(): Mode {
    return this.#mode;
  }

  get at(): number {
    return this.#at;
  }

  get next(): Token {
    return this.peek(0);
  }

  /** The token `ahead` of the next one, or the end. */
  peek(ahead: number): Token {
    return this.token(this.#at + ahead);
  }

  token(index: number): Token {
    return index < this.#end.index ? this.#tokens[index]! : this.#end;
  }

  /** The token in front of the next one, if there is one. */
  get last(): Token | undefined {
    return this.#tokens[this.#at - 1];
  }

  /** Is a token of this kind `ahead`? */
  is(kind: TokenKind, ahead = 0): boolean {
    return this.peek(ahead).kind === kind;
  }

  isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "name" && token.text === text;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Has the next token this kind? Then it is taken. */
  accept(kind: TokenKind): Token | undefined {
    return this.is(kind) ? this.take() : undefined;
  }

  acceptWord(text: string): Token | undefined {
    return this.isWord(text) ? this.take() : undefined;
  }

  expect(kind: TokenKind, expected = `\`${kind}\``): Token {
    const token = this.accept(kind);
    if (token !== undefined) return token;
    throw this.unexpected(expected);
  }

  word(expected: string): Word {
    return wordOf(this.expect("name", expected));
  }

  /** Goes to a token, forwards or back. */
  goTo(index: number): void {
    this.#at = Math.min(index, this.#end.index);
  }

  /** Reports the next token as not what was expected. What is returned unwinds, where it is thrown. */
  unexpected(expected: string, help?: string): Unreadable {
    const { kind, text, start, end } = this.next;
    const advice = help ?? foreign.get(text);
    const found = kind === "end" ? "the end" : `\`${this.source.text.slice(start, Math.min(end, start + 40))}\``;
    this.source.error({
      code: "ACT-R001",
      at: { start, end },
      summary: `expected ${expected}, found ${found}`,
      label: `expected ${expected}`,
      ...(advice !== undefined && { help: advice }),
    });
    return this.#unreadable;
  }

  refuse(construct: Construct, at: Extent): void {
    refuse(this.source, construct, at);
  }

  /**
   * What stands behind an opening bracket, and the closing one. After a mistake in them reading goes on behind the
   * closing bracket, where there is one, with `instead`: the mistake does not hide those in the rest.
   */
  inside<T>(opening: Token, close: TokenKind, read: () => T, instead: T): readonly [T, Token] {
    try {
      return [this.nested(read), this.expect(close)];
    } catch (error) {
      const { partner } = opening;
      const isInside = partner !== undefined && partner >= this.#at && partner < this.#end.index;
      if (!(error instanceof Unreadable) || error.isFinal || !isInside) throw error;
      this.#at = partner;
      return [instead, this.take()];
    }
  }

  /** One of several things in brackets; after a mistake in it reading goes on with the next one. */
  item<T>(opening: Token, read: () => T, instead: T): T {
    try {
      const item = read();
      if (this.is(",") || this.is(";") || this.is(")")) return item;
      throw this.unexpected("an operator, `,` or `)`");
    } catch (error) {
      const { partner } = opening;
      if (!(error instanceof Unreadable) || error.isFinal || partner === undefined || partner < this.#at) throw error;
      while (this.#at < partner && !this.is(",") && !this.is(";")) this.skip();
      return instead;
    }
  }

  /** A token, with what stands in its brackets if it opens some. */
  skip(): void {
    const { partner } = this.take();
    if (partner !== undefined && partner < this.#end.index) this.#at = partner + 1;
  }

  /** Behind a bracket that was just taken, and what it encloses. `undefined`: it is not closed. */
  skipBrackets(opening: Token): Token | undefined {
    if (opening.partner === undefined || opening.partner >= this.#end.index) return undefined;
    this.#at = opening.partner;
    return this.take();
  }

  within<T>(mode: Mode, read: () => T): T {
    const outer = this.#mode;
    this.#mode = mode;
    try {
      return read();
    } finally {
      this.#mode = outer;
    }
  }

  /** One level further down. */
  nested<T>(read: () => T): T {
    if (this.#nesting >= maxDepth) throw this.tooDeep(this.next);
    this.#nesting++;
    try {
      return read();
    } finally {
      this.#nesting--;
    }
  }

  tooDeep(at: Extent): Unreadable {
    this.source.error({
      code: "ACT-R002",
      at,
      summary: "this is nested too deeply",
      label: `more than ${maxDepth} levels`,
    });
    return new Unreadable({ isFinal: true });
  }

  expression(): DrlExpr {
    return this.#grammar.expression(this);
  }

  sum(): DrlExpr {
    return this.#grammar.sum(this);
  }

  condition(): DrlCondition {
    return this.#grammar.condition(this);
  }

  /** Items with commas between them, up to something that is neither. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()];
    while (this.accept(",") !== undefined) items.push(item());
    return items;
  }

  /** To where the next statement begins: a word of one, as the first of its line. */
  skipStatement(): void {
    while (!this.is("end") && !(this.next.first && this.next.kind === "name" && statementWords.has(this.next.text))) {
      this.#at++;
    }
  }
}

export function wordOf({ text, start, end }: Token): Word {
  return { text, start, end };
}

/** Do two tokens stand without anything between them? */
export function adjoin(a: Token, b: Token): boolean {
  return a.end === b.start;
}
