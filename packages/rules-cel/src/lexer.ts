import type { CelSource } from "./source.ts";
import { readLiteral } from "./text-literal.ts";
import type { Punctuation, Token, TokenKind } from "./token.ts";

// What a token begins with is looked at first: a file may be 1 MiB of brackets.
const beginsBlank = /[\s/]/;
const beginsLiteral = /["'bBrR]/;
const beginsName = /[A-Za-z_]/;
const beginsNumber = /[\d.]/;
const blank = /(?:\s|\/\/[^\n]*)*/y;
const name = /[A-Za-z_]\w*/y;
const number = /0[xX][\dA-Fa-f]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?/y;
const quotedName = /`[\w.\-/ ]+`/y;
/** The `Punctuation`, longest first where one begins with another. */
const signs = /[=!<>]=|&&|\|\||[<>!+\-*/%?:.,()[\]{}@=]/y;
const quotes = /([bB]?[rR]?)("""|'''|"|')/y;

/** The tokens of a text, the last of kind `end`. What is no token is reported and left out. */
export function tokensOf(findings: CelSource): readonly Token[] {
  const { text } = findings;
  const tokens: Token[] = [];
  let at = 0;
  let strayUntil = -1;
  for (;;) {
    if (beginsBlank.test(text[at] ?? "")) at += matchAt(blank, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const first = text[at]!;
    const token = (beginsLiteral.test(first) ? literalAt(findings, at) : undefined) ?? wordAt(text, at, first);
    if (token !== undefined) {
      tokens.push(token);
      at = token.end;
      continue;
    }
    // Of a stretch of strange characters the first is told.
    const end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    if (at !== strayUntil) stray(findings, at, end);
    strayUntil = end;
    at = end;
  }
  tokens.push(plain("end", text.length, text.length, ""));
  return tokens;
}

function wordAt(text: string, at: number, first: string): Token | undefined {
  const word = beginsName.test(first) ? matchAt(name, text, at) : undefined;
  if (word !== undefined) return plain("name", at, at + word.length, word);
  const digits = beginsNumber.test(first) ? matchAt(number, text, at) : undefined;
  if (digits !== undefined) return plain(numberKind(digits), at, at + digits.length, digits);
  const quoted = first === "`" ? matchAt(quotedName, text, at) : undefined;
  if (quoted !== undefined) return plain("quoted", at, at + quoted.length, quoted.slice(1, -1));
  const sign = matchAt(signs, text, at);
  return sign === undefined ? undefined : plain(sign as Punctuation, at, at + sign.length, sign);
}

function numberKind(digits: string): TokenKind {
  if (/[uU]$/.test(digits)) return "uint";
  return /^0[xX]/.test(digits) || /^\d+$/.test(digits) ? "int" : "double";
}

/** A text or bytes; one that is refused, or does not end, is reported, and an empty one stands in. */
function literalAt(findings: CelSource, at: number): Token | undefined {
  const { text } = findings;
  quotes.lastIndex = at;
  const [opening, prefix = "", quote = ""] = quotes.exec(text) ?? [];
  if (opening === undefined) return undefined;
  const raw = /[rR]/.test(prefix);
  const bytes = /[bB]/.test(prefix);
  const start = at + opening.length;
  const end = endOfLiteral(text, start, quote, raw);
  const kind = bytes ? "bytes" : "string";
  if (end === undefined) {
    findings.error({
      code: "ACT-R001",
      at: { start: at, end: start },
      summary: `this ${bytes ? "bytes literal" : "text"} does not end`,
      label: `no closing ${quote}`,
    });
    const lineEnd = text.indexOf("\n", start);
    return { ...plain(kind, at, lineEnd === -1 ? text.length : lineEnd, ""), bytes: new Uint8Array() };
  }
  const read = readLiteral(text.slice(start, end), { raw, bytes });
  const token = plain(kind, at, end + quote.length, "");
  if (read.kind === "text") return { ...token, text: read.text };
  if (read.kind === "bytes") return { ...token, bytes: read.bytes };
  const from = start + read.at;
  findings.error({
    code: "ACT-R001",
    at: { start: from, end: from + read.length },
    summary: `\`${text.slice(from, from + read.length)}\` ${read.message}`,
    help: 'a backslash itself is written `\\\\`; in a raw text, as r"\\d", it stands for itself',
  });
  return { ...token, bytes: new Uint8Array() };
}

/** Where the closing quote begins. */
function endOfLiteral(text: string, start: number, quote: string, raw: boolean): number | undefined {
  const first = quote.charCodeAt(0);
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === first && text.startsWith(quote, at)) return at;
    if (unit === backslash && !raw) at++;
    else if (quote.length === 1 && (unit === lineFeed || unit === carriageReturn)) return undefined;
  }
  return undefined;
}

const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What other languages write, and CEL does not. */
const foreign: ReadonlyMap<string, string> = new Map([
  ["&", "`and` is written `&&`"],
  ["|", "`or` is written `||`"],
  ["#", "a comment begins with `//`"],
  [";", "an expression ends by itself"],
]);

function stray(findings: CelSource, start: number, end: number): void {
  const found = findings.text.slice(start, end);
  const help = foreign.get(found);
  findings.error({
    code: "ACT-R001",
    at: { start, end },
    summary: `\`${found}\` means nothing in CEL`,
    ...(help !== undefined && { help }),
  });
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function plain(kind: TokenKind | Punctuation, start: number, end: number, text: string): Token {
  return { kind, start, end, text, bytes: undefined };
}
