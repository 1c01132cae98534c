import { DataDamagedError } from "./service-errors.ts";

/**
 * One component of a key (guarantees K1). The UTF-8 bytes `A-Z a-z 0-9 _ -` stand for themselves, any other byte is
 * `=HH`; empty is `=_`, absent is `=-`. So no component contains a separator, and different texts have different
 * components. A lone surrogate, which K2 refuses, is written as the three bytes of its code point and comes back too.
 */
export function encodeComponent(text: string | undefined): string {
  if (text === undefined) return "=-";
  if (text === "") return "=_";
  return unsafe.test(text) ? escaped(text) : text;
}

/** To look for one character takes a third of what it takes to match them all, and every action has its key made. */
const unsafe = /[^A-Za-z0-9_-]/;

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const point = character.codePointAt(0) as number;
  if (point < 0x80) return escapeByte(point);
  if (point < 0x800) return escapeByte(0xc0 | (point >> 6)) + escapeTail(point);
  if (point < 0x1_0000) return escapeByte(0xe0 | (point >> 12)) + escapeTail(point >> 6) + escapeTail(point);
  return escapeByte(0xf0 | (point >> 18)) + escapeTail(point >> 12) + escapeTail(point >> 6) + escapeTail(point);
}

/** A byte of UTF-8 behind the first of its character. */
function escapeTail(bits: number): string {
  return escapeByte(0x80 | (bits & 0x3f));
}

function escapeByte(byte: number): string {
  return `=${hexDigits.charAt(byte >> 4)}${hexDigits.charAt(byte & 0xf)}`;
}

const hexDigits = "0123456789ABCDEF";

/**
 * The text of a component, `undefined` for the absent one.
 * @throws {DataDamagedError} `encodeComponent` never made this.
 */
export function decodeComponent(component: string): string | undefined {
  if (component === "=-") return undefined;
  if (component !== "" && !unsafe.test(component)) return component;
  const text = component === "=_" ? "" : unescaped(component);
  // A component that spells some byte in another way (`=41`, an overlong form) is told by writing the text again.
  if (text === undefined || encodeComponent(text) !== component) {
    throw new DataDamagedError("a stored key has a component that encodes no text");
  }
  return text;
}

function unescaped(component: string): string | undefined {
  if (misplaced.test(component)) return undefined;
  let text = "";
  for (let at = 0; at < component.length;) {
    if (component[at] !== "=") {
      text += component[at++];
      continue;
    }
    const lead = byteAt(component, at);
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let point = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (let i = 1; i < length; i++) point = (point << 6) | (byteAt(component, at + 3 * i) & 0x3f);
    if (point > 0x10_ffff) return undefined;
    text += String.fromCodePoint(point);
    at += 3 * length;
  }
  return text;
}

const misplaced = /[^A-Za-z0-9_=-]|=(?![0-9A-F]{2})/;

/** Of the escape at `at`; where a character ends too early, 0 or a byte of what follows, which spells another component. */
function byteAt(component: string, at: number): number {
  return Number(`0x${component.slice(at + 1, at + 3)}`) | 0;
}
