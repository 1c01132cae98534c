import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeComponent, encodeComponent } from "./key-component.ts";
import { DataDamagedError } from "./service-errors.ts";

/** Texts made of what a careless key grammar confuses: separators, escapes, its own marks, halves of characters. */
const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("=", "_", "-", "/", ":", "#", "{", "}", "%", ".", "*", "2", "F", "ü", "\ud83d", "\ude00"),
  }),
);
const component = fc.option(hostileText, { nil: undefined });

describe("key components (guarantees K1)", () => {
  test.each([
    [undefined, "=-"],
    ["", "=_"],
    ["acme", "acme"],
    ["A-Z_09", "A-Z_09"],
    ["=-", "=3D-"],
    ["=_", "=3D_"],
    ["acme.eu", "acme=2Eeu"],
    ["a:b/c", "a=3Ab=2Fc"],
    ["{ns:tenant}", "=7Bns=3Atenant=7D"],
    ["\u0000\u007f", "=00=7F"],
    ["ü", "=C3=BC"],
    ["日", "=E6=97=A5"],
    ["😀", "=F0=9F=98=80"],
  ])("%j is written %s", (text, encoded) => {
    expect(encodeComponent(text)).toBe(encoded);
    expect(decodeComponent(encoded)).toBe(text);
  });

  test("decoding gives every text back, also one that K2 refuses", () => {
    fc.assert(
      fc.property(component, (text) => decodeComponent(encodeComponent(text)) === text),
      { numRuns: 2_000 },
    );
  });

  test("has no separator in it, and every = opens an escape", () => {
    fc.assert(
      fc.property(component, (text) => {
        expect(encodeComponent(text)).toMatch(/^(?:=-|=_|(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("well-formed text is written as its bytes of UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const percent = encodeURIComponent(text).replace(/[!'()*~.]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
        expect(encodeComponent(text)).toBe(
          percent.replaceAll("%", "=").replace(/=[0-9a-f]{2}/g, (e) => e.toUpperCase()),
        );
      }),
    );
  });

  test.each([
    ["nothing", ""],
    ["a separator", "a/b"],
    ["an open escape", "a="],
    ["half an escape", "a=4"],
    ["an escape for what needs none", "=41"],
    ["lower case", "=c3=bc"],
    ["the mark of a digest", "=hABC"],
    ["marks behind text", "a=_"],
    ["an overlong form", "=C0=AF"],
    ["a cut character", "=E6=97"],
    ["a lone continuation", "=97"],
    ["a character past the last", "=F7=BF=BF=BF"],
    ["two halves of a pair apart", "=ED=A0=BD=ED=B8=80"],
    ["no hexadecimal digits", "=G0"],
    ["a raw character of no alphabet", "ü"],
  ])("decoding refuses %s", (_what, encoded) => {
    expect(() => decodeComponent(encoded)).toThrow(DataDamagedError);
  });

  test("decoding refuses whatever encoding does not make", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("=", "_", "-", "A", "a", "2", "F", "E", "D", "0", "9", "8") }),
        (encoded) => {
          let text: string | undefined;
          try {
            text = decodeComponent(encoded);
          } catch (error) {
            expect(error).toBeInstanceOf(DataDamagedError);
            return;
          }
          expect(encodeComponent(text)).toBe(encoded);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
