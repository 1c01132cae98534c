import { randomBytes } from "node:crypto";
import type { Random } from "./clock.ts";

/** The chance of this machine. */
export const systemRandom: Random = createSystemRandom();

/**
 * UUIDs of version 7 (RFC 9562): 48 bits of time in ms, a counter of 12 bits, 62 random bits. They strictly grow: within one
 * ms by the counter, and when the clock steps back or the counter is used up, by running ahead of the clock.
 */
function createSystemRandom(): Random {
  let atMs = 0;
  /** Of the next one; it goes on from ms to ms, so that ids can be drawn in advance. */
  let counter = 0;
  /** Of `atMs`: `tttttttt-tttt-7`. */
  let time = "";
  /** What follows the time, of the next few ids, one behind another: asking for a few random bytes at a time takes far longer. */
  let tails = "";
  let used = 0;

  return {
    next: () => Math.random(),
    uuid() {
      const nowMs = Date.now();
      if (nowMs > atMs || counter === 0) {
        atMs = Math.max(nowMs, atMs + 1);
        const hex = atMs.toString(16).padStart(12, "0");
        time = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
      }
      if (used === tails.length) {
        tails = drawTails(counter);
        used = 0;
      }
      counter = (counter + 1) & 0xfff;
      used += tailLength;
      return time + tails.slice(used - tailLength, used);
    },
  };
}

/** Of a UUID: `ccc-vrrr-rrrrrrrrrrrr`. */
const tailLength = 21;
const tailsAtOnce = 256;

/** The tails of `tailsAtOnce` UUIDs, of which the first has that counter. */
function drawTails(firstCounter: number): string {
  const random = randomBytes(tailsAtOnce * 8);
  const tails = Buffer.alloc(tailsAtOnce * tailLength, "-");
  for (let i = 0; i < tailsAtOnce; i++) {
    const count = firstCounter + i;
    const drawn = i * 8;
    const at = i * tailLength;
    tails[at] = hexDigit(count >> 8);
    writeHex(tails, at + 1, count);
    writeHex(tails, at + 4, 0x80 | (random[drawn]! & 0x3f)); // the variant, and six bits
    writeHex(tails, at + 6, random[drawn + 1]!);
    for (let byte = 2; byte < 8; byte++) writeHex(tails, at + 5 + byte * 2, random[drawn + byte]!);
  }
  return tails.toString("latin1");
}

function writeHex(target: Buffer, at: number, byte: number): void {
  target[at] = hexDigit(byte >> 4);
  target[at + 1] = hexDigit(byte);
}

/** The character of the lowest four bits. */
function hexDigit(bits: number): number {
  return hexDigits.charCodeAt(bits & 0xf);
}

const hexDigits = "0123456789abcdef";
