/**
 * A hash of a text, mixed into `seed`, as a 32-bit integer; the same in every process. Of a long text it takes the end, where
 * texts that count up differ, and as many units spread over the rest. Texts that somebody made to collide do collide: what is
 * found by it has to be compared, and whatever uses it has to bear many texts of one hash.
 */
export function textHash(seed: number, text: string): number {
  const { length } = text;
  const restLength = length > maxHashedUnits ? length - maxHashedUnits / 2 : 0;
  let hash = Math.imul(seed ^ length, prime);
  for (let at = restLength; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  if (restLength > 0) {
    const step = restLength / (maxHashedUnits / 2);
    for (let at = 0; at < restLength; at += step) hash = Math.imul(hash ^ text.charCodeAt(Math.floor(at)), prime);
  }
  // The high bits of the last units are not in the low bits yet.
  return hash ^ (hash >>> 15);
}

/** More than a UUID has. */
const maxHashedUnits = 48;

/** Of FNV-1a. */
const prime = 0x0100_0193;
