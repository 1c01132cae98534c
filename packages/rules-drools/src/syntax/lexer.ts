import { statementWords } from "./token.ts";
import type { Punctuation, Token, TokenKind } from "./token.ts";

const blank = /\s+/y;
/** A comment of old files; elsewhere `#` is a cast, and `##` an operator of one's own. */
const hashComment = /#(?:[ \t]|##)[^\n]*/y;
const name = /[\p{L}_$][\p{L}\p{N}\p{M}_$]*/uy;
/** A time such as `1h30m` comes before a number: `5m` is five minutes. */
const number =
  /0[xX][\dA-Fa-f_]+[lLiI]?|(?:\d+(?:ms|[dhms]))+(?![\p{L}\p{N}_$])|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?[lLfFdDbBiI]?(?![\p{L}\p{N}_$])|\.\d+(?:[eE][+-]?\d+)?[fFdDbB]?(?![\p{L}\p{N}_$])|\d+/uy;
/** The `Punctuation`, longest first where one begins with another. */
const signs = /[=!<>]=|&&|\|\||:=|\+\+|--|[=!<>+\-*/%&|^~?:;,.@#()[\]{}]/y;

const closers: ReadonlyMap<string, TokenKind> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** A token whose partner is not known yet. */
type Made = { -readonly [K in keyof Token]: Token[K] };

/** The tokens of a text, the last of kind `end`. Nothing is refused here: what is no token is `stray`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Made[] = [];
  const open: Made[] = [];
  const scanner = new Scanner(text);
  for (;;) {
    const token = scanner.next(tokens.length);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    pair(token, open);
  }
}

/** Pairs brackets. A word that begins or ends a rule leaves those that are open open: the mistake is in that rule. */
function pair(token: Made, open: Made[]): void {
  if (token.kind === "name") {
    if (token.first && (statementWords.has(token.text) || token.text === "then" || token.text === "end")) {
      open.length = 0;
    }
    return;
  }
  if (closers.has(token.kind)) {
    open.push(token);
    return;
  }
  if (token.kind !== ")" && token.kind !== "]" && token.kind !== "}") return;
  const opening = open.at(-1);
  if (opening === undefined || closers.get(opening.kind) !== token.kind) return;
  opening.partner = token.index;
  open.pop();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #first = true;
  /** Behind these no comment and no text block ends: they are looked for once. */
  #noCommentEnd = false;
  #noBlockEnd = false;
  /** Until there, quotes of this kind begin nothing: a line is searched once for each. */
  readonly #noTextUntil = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  next(index: number): Made {
    const text = this.#text;
    this.#skipBlanks();
    const start = this.#at;
    if (start >= text.length) return this.#token("end", start, index);
    const first = text[start]!;
    if (first === '"' || first === "'") {
      const end = this.#endOfText(start, first);
      return end === undefined ? this.#token("stray", start + 1, index) : this.#token("string", end, index);
    }
    const word = matchAt(name, text, start);
    if (word !== undefined) return this.#token("name", start + word.length, index);
    const digits = /[\d.]/.test(first) ? matchAt(number, text, start) : undefined;
    if (digits !== undefined) return this.#token("number", start + digits.length, index);
    const sign = matchAt(signs, text, start);
    if (sign !== undefined) return this.#token(sign as Punctuation, start + sign.length, index);
    return this.#token("stray", start + (text.codePointAt(start)! > 0xffff ? 2 : 1), index);
  }

  #token(kind: TokenKind, end: number, index: number): Made {
    const start = this.#at;
    const token = { kind, start, end, text: this.#text.slice(start, end), first: this.#first, index };
    this.#at = end;
    this.#first = false;
    return { ...token, partner: undefined };
  }

  /** White space and comments; what is told of them is whether a line ended. */
  #skipBlanks(): void {
    const text = this.#text;
    for (;;) {
      const start = this.#at;
      const spaces = matchAt(blank, text, start);
      if (spaces !== undefined) this.#at += spaces.length;
      else if (text.startsWith("//", start)) this.#at = endOfLine(text, start);
      else if (this.#first && text[start] === "#") {
        const comment = matchAt(hashComment, text, start);
        if (comment === undefined) return;
        this.#at += comment.length;
      } else if (text.startsWith("/*", start) && !this.#noCommentEnd) {
        const end = text.indexOf("*/", start + 2);
        this.#noCommentEnd = end === -1;
        if (end === -1) return;
        this.#at = end + 2;
      } else return;
      if (/[\n\r]/.test(text.slice(start, this.#at))) this.#first = true;
    }
  }

  /** Where a text ends, its quote included; `undefined`: it does not, and its quote is only a quote. */
  #endOfText(start: number, quote: string): number | undefined {
    const text = this.#text;
    if (text.startsWith('"""', start) && !this.#noBlockEnd) {
      const end = text.indexOf('"""', start + 3);
      if (end !== -1) return end + 3;
      this.#noBlockEnd = true;
    }
    if (start < (this.#noTextUntil.get(quote) ?? 0)) return undefined;
    for (let at = start + 1; at < text.length; at++) {
      const unit = text[at];
      if (unit === quote) return at + 1;
      if (unit === "\\") at++;
      else if (unit === "\n" || unit === "\r") break;
    }
    this.#noTextUntil.set(quote, endOfLine(text, start));
    return undefined;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
