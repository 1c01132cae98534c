import type { Extent, Findings } from "@acteon/rules";
import { bracketPartners } from "./brackets.ts";
import { helpFor } from "./foreign.ts";
import type { Token, TokenKind } from "./token.ts";

/** Most levels of a term, a body or a rule: what walks over the tree goes down as deep. */
export const maxDepth = 100;

/** Unwinds to the nearest place where reading can go on. What is wrong was reported. */
export class Unreadable extends Error {
  constructor() {
    super("unreadable");
  }
}

/** Goes over the tokens of a text, one after the other, and past what cannot be read. */
export abstract class TokenReader {
  protected readonly findings: Findings;
  readonly #tokens: readonly Token[];
  readonly #partners: readonly (number | undefined)[];
  #at = 0;
  /** How many brackets are open. */
  #nesting = 0;
  /** Made once: a stack trace for each mistake of a hostile file would take longer than reading it. */
  protected readonly unreadable = new Unreadable();

  constructor(findings: Findings, tokens: readonly Token[]) {
    this.findings = findings;
    this.#tokens = tokens;
    this.#partners = bracketPartners(tokens);
  }

  protected get position(): number {
    return this.#at;
  }

  protected get next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The token behind the next one. */
  protected get second(): Token {
    return this.tokenAt(this.#at + 1);
  }

  /** Where what was taken last ends. */
  protected get previousEnd(): number {
    return this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.end;
  }

  /** Does the next token touch what was taken last? */
  protected get touches(): boolean {
    return this.next.start === this.previousEnd;
  }

  protected tokenAt(position: number): Token {
    return this.#tokens[Math.min(position, this.#tokens.length - 1)]!;
  }

  /** Where the bracket that opens at a position closes. */
  protected partnerOf(position: number): number | undefined {
    return this.#partners[position];
  }

  /** The position behind a token, or behind the bracket that it opens. */
  protected behind(position: number): number {
    return (this.#partners[position] ?? position) + 1;
  }

  protected take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Does the next token have this kind? Then it is taken. */
  protected accept(kind: TokenKind): Token | undefined {
    return this.next.kind === kind ? this.take() : undefined;
  }

  protected expect(kind: TokenKind, expected: string, help?: string): Token {
    return this.accept(kind) ?? this.fail(expected, help);
  }

  protected endOfLine(): void {
    if (this.next.kind !== "end" && !this.next.startsLine) this.fail("the end of the line");
  }

  protected goTo(position: number): void {
    this.#at = position;
  }

  /** Reports the next token as not what was expected, and gives up what is being read. */
  protected fail(expected: string, help?: string): never {
    this.unexpected(expected, help);
    throw this.unreadable;
  }

  protected unexpected(expected: string, help?: string): void {
    const { kind, text, start, end } = this.next;
    const advice = help ?? helpFor(text);
    const found = kind === "end" ? "the end of the file" : `\`${this.findings.text.slice(start, end)}\``;
    this.findings.error({
      code: "ACT-R001",
      at: { start, end },
      summary: `expected ${expected}, found ${found}`,
      label: `expected ${expected}`,
      ...(advice !== undefined && { help: advice }),
    });
  }

  protected report(
    at: Extent,
    summary: string,
    details: { readonly label?: string; readonly help?: string } = {},
  ): void {
    this.findings.error({ code: "ACT-R001", at: { start: at.start, end: at.end }, summary, ...details });
  }

  /**
   * What stands in the brackets that open here, and the closing one. After a mistake in them reading goes on behind them,
   * with `instead`: the mistake does not hide those in the rest.
   */
  protected inside<T>(read: () => T, instead: T): readonly [T, Token] {
    const close = this.#partners[this.#at];
    const opening = this.take();
    if (close === undefined) return this.#notClosed(opening);
    let value = instead;
    this.#nesting++;
    try {
      if (this.#nesting > maxDepth) throw this.tooDeep();
      value = read();
      if (this.#at !== close) this.fail(`\`,\` or \`${this.#textOf(this.#tokens[close]!)}\``);
    } catch (error) {
      if (error !== this.unreadable) throw error;
    } finally {
      this.#nesting--;
    }
    this.#at = close;
    return [value, this.take()];
  }

  protected tooDeep(): Unreadable {
    this.findings.error({
      code: "ACT-R002",
      at: this.next,
      summary: "this is nested too deeply",
      label: `more than ${maxDepth} levels`,
    });
    return this.unreadable;
  }

  #notClosed(opening: Token): never {
    this.report(opening, `this \`${this.#textOf(opening)}\` is not closed`, { label: "no bracket closes it" });
    throw this.unreadable;
  }

  #textOf({ start, end }: Token): string {
    return this.findings.text.slice(start, end);
  }
}
