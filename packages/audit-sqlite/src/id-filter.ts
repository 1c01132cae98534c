import { hashOf } from "./id-list.ts";
import type { IdList } from "./id-list.ts";

/**
 * A Bloom filter over the ids of a segment: says for a twentieth of the bytes of the list, and in all but about six of a
 * thousand cases, that an id is not in it.
 */
export type IdFilter = Uint8Array;

const bitsPerId = 12;
const bitsOfId = 4;

export function idFilterOf(ids: IdList): IdFilter {
  const filter = new Uint8Array(Math.ceil((ids.length * bitsPerId) / 8));
  for (const entry of ids) {
    const hash = hashOf(entry);
    for (let i = 0; i < bitsOfId; i++) {
      const bit = nthBit(hash, i, filter);
      filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** False: no id with this hash is there. */
export function mayHold(filter: IdFilter, hash: number): boolean {
  for (let i = 0; i < bitsOfId; i++) {
    const bit = nthBit(hash, i, filter);
    if (((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** Double hashing (Kirsch and Mitzenmacher, 2006), the second hash drawn from the first. */
function nthBit(hash: number, n: number, { length }: IdFilter): number {
  return ((hash + Math.imul(n, Math.imul(hash, 0x9e3779b1) | 1)) >>> 0) % (length * 8);
}
