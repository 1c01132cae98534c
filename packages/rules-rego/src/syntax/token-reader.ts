import { maxFindings } from "@acteon/rules";
import type { Extent, Findings, PlacedFinding } from "@acteon/rules";
import { helpFor } from "./foreign.ts";
import { TokenList } from "./token-list.ts";
import type { Token, TokenKind } from "./token.ts";

/** Most levels of a term, a body or a rule: what walks over the tree goes down as deep. */
export const maxDepth = 100;

/** Unwinds to the nearest place where reading can go on. What is wrong was reported. */
class Unreadable extends Error {}

/** Unwinds out of the file: nobody reads more problems than were found. */
export class TooManyProblems extends Error {}

type Details = Pick<PlacedFinding, "label" | "help">;

/** Goes over the tokens of a text, one after the other, and past what cannot be read. */
export abstract class TokenReader {
  protected readonly findings: Findings;
  protected readonly tokens: TokenList;
  #at = 0;
  /** How many brackets are open. */
  #nesting = 0;
  #problems = 0;
  /** Made once: a stack trace for each mistake of a hostile file would take longer than reading it. */
  protected readonly unreadable = new Unreadable();

  constructor(findings: Findings, tokens: readonly Token[]) {
    this.findings = findings;
    this.tokens = new TokenList(tokens);
  }

  protected get text(): string {
    return this.findings.text;
  }

  protected get position(): number {
    return this.#at;
  }

  protected get next(): Token {
    return this.tokens.at(this.#at);
  }

  /** Where what was taken last ends. */
  protected get previousEnd(): number {
    return this.#at === 0 ? 0 : this.tokens.at(this.#at - 1).end;
  }

  /** Does the next token touch what was taken last? */
  protected get touches(): boolean {
    return this.next.start === this.previousEnd;
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
    const { kind, text, startsLine } = this.next;
    if (kind === "end" || startsLine) return;
    const isNextRule = kind === ";" || kind === "name";
    this.fail(
      "the end of the line",
      helpFor(text) ?? (isNextRule ? "each rule begins on a line of its own" : undefined),
    );
  }

  protected goTo(position: number): void {
    this.#at = position;
  }

  /** Reports the next token as not what was expected, and gives up what is being read. */
  protected fail(expected: string, help?: string): never {
    this.unexpected(expected, help);
    throw this.unreadable;
  }

  protected unexpected(expected: string, help = this.#foreignHelp()): void {
    const { kind, start, end } = this.next;
    const found = kind === "end" ? "the end of the file" : `\`${this.text.slice(start, end)}\``;
    this.syntaxError(this.next, `expected ${expected}, found ${found}`, {
      label: this.tokens.isStray(this.#at) ? "closes nothing" : `expected ${expected}`,
      ...(help !== undefined && { help }),
    });
  }

  /** Where the next token, or the word in front of it, is of another language. */
  #foreignHelp(): string | undefined {
    const { kind, text } = this.next;
    const before = this.#at === 0 ? undefined : this.tokens.at(this.#at - 1);
    const help = kind === "string" ? undefined : helpFor(text);
    return help ?? (before?.kind === "name" ? helpFor(before.text) : undefined);
  }

  /** @throws {TooManyProblems} */
  protected report(finding: PlacedFinding): void {
    this.findings.error(finding);
    if (++this.#problems >= maxFindings) throw new TooManyProblems();
  }

  protected syntaxError({ start, end }: Extent, summary: string, details: Details = {}): void {
    this.report({ code: "ACT-R001", at: { start, end }, summary, ...details });
  }

  /**
   * What stands in the brackets that open here, and the closing one. After a mistake in them reading goes on behind them,
   * with `instead`: the mistake does not hide those in the rest.
   */
  protected inside<T>(read: () => T, instead: T): readonly [T, Token] {
    const close = this.tokens.closeOf(this.#at);
    const opening = this.take();
    if (close === undefined) return this.#notClosed(opening);
    if (this.#nesting >= maxDepth) throw this.tooDeep();
    let value = instead;
    this.#nesting++;
    try {
      value = read();
      if (this.#at !== close) this.fail(`\`,\` or \`${closingSign(this.tokens.at(close))}\``);
    } catch (error) {
      if (error !== this.unreadable) throw error;
    } finally {
      this.#nesting--;
    }
    this.#at = close;
    return [value, this.take()];
  }

  protected tooDeep(): Unreadable {
    this.report({
      code: "ACT-R002",
      at: this.next,
      summary: "this is nested too deeply",
      label: `more than ${maxDepth} levels`,
    });
    return this.unreadable;
  }

  #notClosed({ kind, start, end }: Token): never {
    // Of a template the brace is meant, behind the text in front of it.
    const at = kind === "templateStart" ? { start: end - 1, end } : { start, end };
    const sign = this.text.slice(at.start, at.end);
    this.syntaxError(at, `this \`${sign}\` is not closed`, { label: "no bracket closes it" });
    throw this.unreadable;
  }
}

function closingSign({ kind }: Token): string {
  return kind === "templateEnd" ? "}" : kind;
}
