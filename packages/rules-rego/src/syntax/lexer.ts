import type { Extent, Findings } from "@acteon/rules";
import { strayCharacter } from "./foreign.ts";
import { decodeText } from "./text-literal.ts";
import { endsTerm, isKeyword } from "./token.ts";
import type { Punctuation, Token, TokenKind } from "./token.ts";

/** The tokens of a text, the last of kind `end`, and the comments between them. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly comments: readonly Extent[];
}

const blank = /[ \t\r\n]+/y;
const name = /[A-Za-z_]\w*/y;
const number = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const wordRest = /\w+/y;
/** The `Punctuation`, longest first where one begins with another. */
const punctuation = /:=|[=!<>]=|[=<>|&+\-*/%:;,.()[\]{}]/y;
/** No two tokens of Rego stand together like this. */
const foreignSign = /===|!==|&&|\|\||=>|->|<>|!(?!=)/y;

/** Reads a text as tokens. What is no token is reported and left out. */
export function lex(findings: Findings): Lexed {
  return new Lexer(findings).lexed();
}

class Lexer {
  readonly #findings: Findings;
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #comments: Extent[] = [];
  /** Of a comment as other languages have it: where none ends any more, the end is not looked for. */
  readonly #lastCommentEnd: number;
  /** What each open brace is: of a set, an object, a body, or around a term of a template. */
  readonly #braces: ("plain" | "template" | "rawTemplate")[] = [];
  #at = 0;
  #startsLine = true;
  /** Where a stretch of strange characters ends, of which the first was told. */
  #strayUntil = -1;

  constructor(findings: Findings) {
    this.#findings = findings;
    // A text between backticks is what stands there, and half of a surrogate pair is no text.
    this.#text = findings.text.toWellFormed();
    this.#lastCommentEnd = this.#text.lastIndexOf("*/");
  }

  lexed(): Lexed {
    if (this.#text.startsWith("\ufeff")) this.#at++;
    for (;;) {
      this.#skipBlank();
      if (this.#at >= this.#text.length) break;
      this.#token(this.#text[this.#at]!);
    }
    this.#add("end", this.#at, "");
    return { tokens: withKeywords(this.#tokens), comments: this.#comments };
  }

  #skipBlank(): void {
    for (;;) {
      const space = this.#match(blank);
      if (space !== undefined) {
        this.#at += space.length;
        if (space.includes("\n")) this.#startsLine = true;
      } else if (this.#text[this.#at] === "#") {
        const start = this.#at;
        this.#at = this.#endOfLine();
        this.#comments.push({ start, end: this.#at });
      } else {
        return;
      }
    }
  }

  #token(first: string): void {
    const word = this.#match(name);
    if (word !== undefined) return this.#add("name", this.#at + word.length, word);
    if (first === '"') return this.#quotedText();
    if (first === "`") return this.#rawText();
    if (first === "'") return this.#singleQuoted();
    if (first === "$" && /["`]/.test(this.#text[this.#at + 1] ?? "")) {
      return this.#template(this.#at + 2, this.#text[this.#at + 1] === "`", false);
    }
    const digits = /[\d.]/.test(first) && !this.#isFieldDot(first) ? this.#match(number) : undefined;
    if (digits !== undefined) return this.#number(digits);
    if (this.#isForeignComment()) return;
    const foreign = this.#match(foreignSign);
    if (foreign !== undefined) return this.#add("foreign", this.#at + foreign.length, foreign);
    const sign = this.#match(punctuation);
    if (sign === undefined) return this.#stray();
    if (sign === "{") this.#braces.push("plain");
    const brace = sign === "}" ? this.#braces.pop() : undefined;
    if (brace === "template" || brace === "rawTemplate") {
      return this.#template(this.#at + 1, brace === "rawTemplate", true);
    }
    this.#add(sign as Punctuation, this.#at + sign.length, sign);
  }

  #add(kind: TokenKind, end: number, text: string): void {
    this.#tokens.push({ kind, start: this.#at, end, text, startsLine: this.#startsLine });
    this.#at = end;
    this.#startsLine = false;
  }

  /** Right behind a term a point begins a field, and a number otherwise: `.5`. */
  #isFieldDot(first: string): boolean {
    const last = this.#tokens.at(-1);
    return first === "." && last?.end === this.#at && endsTerm(last);
  }

  #number(digits: string): void {
    const start = this.#at;
    let end = start + digits.length;
    wordRest.lastIndex = end;
    const rest = wordRest.exec(this.#text)?.[0] ?? "";
    end += rest.length;
    if (rest !== "" || /^0\d/.test(digits)) {
      this.#findings.error({
        code: "ACT-R001",
        at: { start, end },
        summary: `\`${this.#text.slice(start, end)}\` is no number`,
        help:
          rest === ""
            ? "a number has no zeros in front of it"
            : "numbers are written as in JSON, such as 10, 1.5 or 2e3",
      });
    }
    this.#add("number", end, digits);
  }

  #quotedText(): void {
    const start = this.#at + 1;
    const end = this.#endOfText(start, '"');
    if (end === undefined) return this.#unterminated("string", "text", '"');
    const text = this.#decoded(start, end, false);
    this.#add("string", end + 1, text);
  }

  #rawText(): void {
    const end = this.#text.indexOf("`", this.#at + 1);
    if (end === -1) return this.#unterminated("string", "text", "`");
    this.#add("string", end + 1, this.#text.slice(this.#at + 1, end));
  }

  #singleQuoted(): void {
    const end = this.#endOfText(this.#at + 1, "'");
    if (end === undefined) return this.#stray();
    const content = this.#text.slice(this.#at + 1, end);
    const at = { start: this.#at, end: end + 1 };
    this.#findings.error({
      code: "ACT-R001",
      at,
      summary: "a text stands in double quotes",
      label: "single quotes mean nothing in Rego",
      help: 'write "…", or `…` where backslashes stand for themselves',
      ...(/^[^"\\]*$/.test(content) && { fix: { at, text: `"${content}"` } }),
    });
    this.#add("string", end + 1, content);
  }

  /** What follows up to the next term of the template, or its end. */
  #template(start: number, isRaw: boolean, isRest: boolean): void {
    let at = start;
    for (; at < this.#text.length; at++) {
      const unit = this.#text[at];
      if (unit === "{" || unit === (isRaw ? "`" : '"')) break;
      if (unit === "\\" && (!isRaw || this.#text[at + 1] === "{")) at++;
      else if (unit === "\n" && !isRaw) at = this.#text.length;
    }
    if (at >= this.#text.length) {
      return this.#unterminated(isRest ? "templateEnd" : "template", "template", isRaw ? "`" : '"');
    }
    const content = this.#text.slice(start, at);
    const text = isRaw ? content.replaceAll("\\{", "{") : this.#decoded(start, at, true);
    if (this.#text[at] === "{") {
      this.#braces.push(isRaw ? "rawTemplate" : "template");
      this.#add(isRest ? "templateMiddle" : "templateStart", at + 1, text);
    } else {
      this.#add(isRest ? "templateEnd" : "template", at + 1, text);
    }
  }

  #decoded(start: number, end: number, isTemplate: boolean): string {
    const decoded = decodeText(this.#text.slice(start, end), { isTemplate });
    if (decoded.kind === "text") return decoded.text;
    const at = { start: start + decoded.at, end: Math.min(start + decoded.at + 2, end) };
    this.#findings.error({
      code: "ACT-R001",
      at,
      summary: `\`${this.#text.slice(at.start, at.end)}\` is no escape sequence`,
      help: "a backslash itself is written `\\\\`; in a text between backticks, as `\\d`, it stands for itself",
    });
    return "";
  }

  /** Where the closing quote is, on the same line. */
  #endOfText(start: number, quote: string): number | undefined {
    for (let at = start; at < this.#text.length; at++) {
      const unit = this.#text[at];
      if (unit === quote) return at;
      if (unit === "\n") return undefined;
      if (unit === "\\") at++;
    }
    return undefined;
  }

  /** Takes the rest of the line for the text. */
  #unterminated(kind: TokenKind, what: string, quote: string): void {
    const start = this.#at;
    const end = this.#endOfLine();
    this.#findings.error({
      code: "ACT-R001",
      at: { start, end: Math.min(end, start + 1) },
      summary: `this ${what} does not end`,
      label: `no closing ${quote}`,
      ...(quote === '"' && { help: "a text of several lines stands between backticks" }),
    });
    this.#add(kind, end, "");
  }

  #endOfLine(): number {
    const end = this.#text.indexOf("\n", this.#at);
    return end === -1 ? this.#text.length : end;
  }

  /** Comments of other languages: nothing of Rego begins with two slashes, or a slash and a star. */
  #isForeignComment(): boolean {
    const opening = this.#text.slice(this.#at, this.#at + 2);
    if (opening !== "//" && opening !== "/*") return false;
    const start = this.#at;
    const close = opening === "/*" && start < this.#lastCommentEnd ? this.#text.indexOf("*/", start + 2) : -1;
    this.#at = close === -1 ? this.#endOfLine() : close + 2;
    const at = { start, end: start + 2 };
    this.#findings.error({
      code: "ACT-R001",
      at,
      summary: `\`${opening}\` means nothing in Rego`,
      help: "a comment begins with `#` and ends with its line",
      ...(opening === "//" && { fix: { at, text: "#" } }),
    });
    return true;
  }

  /** Of a stretch of strange characters the first is told. */
  #stray(): void {
    const start = this.#at;
    const end = start + (this.#text.codePointAt(start)! > 0xffff ? 2 : 1);
    if (start !== this.#strayUntil) this.#findings.error(strayCharacter(this.#text, { start, end }));
    this.#strayUntil = end;
    this.#at = end;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }
}

/** A keyword names a field behind a point, and the head of a reference in front of one or of a bracket. */
function withKeywords(words: readonly Token[]): readonly Token[] {
  const tokens: Token[] = [];
  words.forEach((word, i) => {
    const { kind, text } = word;
    const isPlain = kind !== "name" || !isKeyword(text) || isReferenced(tokens.at(-1), word, words[i + 1]!);
    tokens.push(isPlain ? word : { ...word, kind: text });
  });
  return tokens;
}

function isReferenced(before: Token | undefined, word: Token, next: Token): boolean {
  if (before?.kind === "." && before.end === word.start) return true;
  if (next.start !== word.end) return false;
  // Behind a term a keyword goes on with what was begun: `x in[1, 2]`.
  const beginsTerm = before === undefined || word.startsLine || !endsTerm(before);
  return next.kind === "." || (next.kind === "[" && beginsTerm);
}
