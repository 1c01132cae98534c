import type { Random } from "./clock.ts";

/** The same seed, the same draws: mulberry32. Its UUIDs count up, so that they sort in the order in which they were made. */
export function createSeededRandom(seed: number): Random {
  let state = seed | 0;
  let uuids = 0;

  const draw = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

  return {
    next: () => draw() / 2 ** 32,
    uuid() {
      const time = hex(uuids++, 12);
      const variant = hex(0x8000 | (draw() & 0x3fff), 4);
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-${variant}-${hex(draw(), 8)}${hex(draw() & 0xffff, 4)}`;
    },
  };
}
