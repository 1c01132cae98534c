import { hash } from "node:crypto";

/** SHA-256 of the UTF-8 bytes: `hex` in lower case, `base32` by RFC 4648 without padding (52 characters). */
export function digest(text: string | Uint8Array, encoding: "hex" | "base32"): string {
  return encoding === "hex" ? hash("sha256", text, "hex") : base32(hash("sha256", text, "buffer"));
}

const base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff; // at most 4 bits were left over
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      text += base32Alphabet.charAt((bits >> bitCount) & 0x1f);
    }
  }
  return bitCount === 0 ? text : text + base32Alphabet.charAt((bits << (5 - bitCount)) & 0x1f);
}
