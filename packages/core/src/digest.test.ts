import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digest } from "./digest.ts";

test.each([
  ["", "hex", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["", "base32", "4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ"],
  ["abc", "hex", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
] as const)("SHA-256 of %j as %s", (text, encoding, expected) => {
  expect(digest(text, encoding)).toBe(expected);
});

test("base32 holds the same 256 bits as hex", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bits = Array.from(digest(text, "base32"), (character) =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(character).toString(2).padStart(5, "0"),
      ).join("");
      expect(bits.slice(256)).toBe("0000");
      expect(BigInt(`0b${bits.slice(0, 256)}`)).toBe(BigInt(`0x${createHash("sha256").update(text).digest("hex")}`));
    }),
    { numRuns: 50 },
  );
});

test("bytes and the text that they spell have one digest", () => {
  expect(digest(Buffer.from("größe"), "hex")).toBe(digest("größe", "hex"));
});
