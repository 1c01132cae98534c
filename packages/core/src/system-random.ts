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
  let counter = 0;
  /** Of `atMs`: `tttttttt-tttt-7`. */
  let time = "";
  /** Random hex digits, drawn in advance and used up from the front: asking for eight bytes at a time takes far longer. */
  let digits = "";
  let used = 0;

  return {
    next: () => Math.random(),
    uuid() {
      const nowMs = Date.now();
      if (nowMs > atMs || counter === 0xfff) {
        atMs = Math.max(nowMs, atMs + 1);
        counter = 0;
        const hex = atMs.toString(16).padStart(12, "0");
        time = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
      } else {
        counter++;
      }
      if (used === digits.length) {
        digits = randomBytes(4096).toString("hex");
        used = 0;
      }
      const start = used;
      used += 16;
      const count =
        hexDigits.charAt(counter >> 8) + hexDigits.charAt((counter >> 4) & 0xf) + hexDigits.charAt(counter & 0xf);
      const variant = hexDigits.charAt(8 | (Number.parseInt(digits.charAt(start), 16) & 3));
      return `${time}${count}-${variant}${digits.slice(start + 1, start + 4)}-${digits.slice(start + 4, used)}`;
    },
  };
}

const hexDigits = "0123456789abcdef";
