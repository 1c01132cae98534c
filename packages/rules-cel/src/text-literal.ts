/** What a text or bytes literal stands for, or what is wrong with it, at an offset of its content. */
export type ReadLiteral =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly at: number; readonly length: number; readonly message: string };

export interface LiteralForm {
  readonly raw: boolean;
  readonly bytes: boolean;
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
  ["?", "?"],
  ["\\", "\\"],
]);

/** Digits and their base after each letter that begins a numeric escape; octal ones have no letter. */
const numericEscapes: ReadonlyMap<string, { readonly digits: RegExp; readonly length: number }> = new Map([
  ["x", { digits: /^[\dA-Fa-f]{2}/, length: 2 }],
  ["X", { digits: /^[\dA-Fa-f]{2}/, length: 2 }],
  ["u", { digits: /^[\dA-Fa-f]{4}/, length: 4 }],
  ["U", { digits: /^[\dA-Fa-f]{8}/, length: 8 }],
]);

/**
 * Reads what stands between the quotes. An escape of two hexadecimal or three octal digits is a code point in a text, a
 * byte in bytes. (CEL language definition, "String and Bytes Values".)
 */
export function readLiteral(content: string, { raw, bytes }: LiteralForm): ReadLiteral {
  const parts: Uint8Array[] = [];
  let text = "";
  const flush = (): void => {
    parts.push(Buffer.from(text));
    text = "";
  };
  let at = 0;
  while (at < content.length) {
    const next = raw ? -1 : content.indexOf("\\", at);
    text += normalised(content.slice(at, next === -1 ? content.length : next));
    if (next === -1) break;
    const escape = escapeAt(content, next + 1);
    if (escape === undefined) return refused(next, content, "is no escape sequence");
    at = next + 1 + escape.length;
    if (escape.kind === "char") text += escape.text;
    else if (bytes && escape.kind === "byte") {
      flush();
      parts.push(Uint8Array.of(escape.code));
    } else if (bytes) return refused(next, content, "is a code point, which bytes do not have");
    else if (!isScalar(escape.code)) return refused(next, content, "is no code point");
    else text += String.fromCodePoint(escape.code);
  }
  if (!bytes) return { kind: "text", text };
  flush();
  return { kind: "bytes", bytes: new Uint8Array(Buffer.concat(parts)) };
}

type Escape =
  | { readonly kind: "char"; readonly text: string; readonly length: number }
  | { readonly kind: "byte" | "point"; readonly code: number; readonly length: number };

function escapeAt(content: string, at: number): Escape | undefined {
  const letter = content.charAt(at);
  const char = simpleEscapes.get(letter);
  if (char !== undefined) return { kind: "char", text: char, length: 1 };
  const octal = /^[0-3][0-7]{2}/.exec(content.slice(at, at + 3))?.[0];
  if (octal !== undefined) return { kind: "byte", code: Number.parseInt(octal, 8), length: 3 };
  const numeric = numericEscapes.get(letter);
  const digits = numeric?.digits.exec(content.slice(at + 1, at + 9))?.[0];
  if (numeric === undefined || digits === undefined) return undefined;
  const kind = numeric.length === 2 ? "byte" : "point";
  return { kind, code: Number.parseInt(digits, 16), length: 1 + numeric.length };
}

function refused(at: number, content: string, message: string): ReadLiteral {
  return { kind: "refused", at, length: Math.min(2, content.length - at), message };
}

function isScalar(code: number): boolean {
  return code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff);
}

/** A line end is a line feed, however the file was saved. */
function normalised(text: string): string {
  return text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
}
