/**
 * The places where one sequence stands in another without gaps, also where they overlap. In one pass (Knuth, Morris and
 * Pratt), however often it begins in vain. The empty one stands nowhere.
 */
export function* placesOf(sequence: readonly string[], items: readonly string[]): Generator<number> {
  if (sequence.length === 0) return;
  const fallbacks = fallbacksOf(sequence);
  let matched = 0;
  for (const [at, item] of items.entries()) {
    while (matched > 0 && item !== sequence[matched]) matched = fallbacks[matched - 1]!;
    if (item === sequence[matched]) matched++;
    if (matched < sequence.length) continue;
    yield at - matched + 1;
    matched = fallbacks[matched - 1]!;
  }
}

/** For each beginning of the sequence the length of the longest shorter one that it ends in. */
function fallbacksOf(sequence: readonly string[]): readonly number[] {
  const fallbacks = [0];
  for (let at = 1, matched = 0; at < sequence.length; at++) {
    while (matched > 0 && sequence[at] !== sequence[matched]) matched = fallbacks[matched - 1]!;
    if (sequence[at] === sequence[matched]) matched++;
    fallbacks.push(matched);
  }
  return fallbacks;
}
