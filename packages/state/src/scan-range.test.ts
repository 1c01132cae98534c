import fc from "fast-check";
import { expect, test } from "vitest";
import { scopeOf } from "./conformance/fixtures.ts";
import { anyKey } from "./conformance/generated-keys.ts";
import { inScanRange, textRanges } from "./scan-range.ts";
import type { ScanRange } from "./scan-range.ts";
import { stateKey } from "./state-key.ts";
import type { StateKey } from "./state-key.ts";

const anyRange: fc.Arbitrary<ScanRange> = fc
  .tuple(anyKey, fc.nat({ max: 3 }), fc.nat({ max: 3 }))
  .map(([key, narrow, length]) => {
    const { kind, scope, id } = key;
    const idPrefix = id[0]?.slice(0, length).toWellFormed() ?? "";
    return [{ kind }, { kind, scope }, { kind, scope, idPrefix }, { kind, idPrefix }][narrow] ?? { kind };
  });

test("K3, K4: the text ranges of a scan hold every key of it, collapsed or not", () => {
  fc.assert(
    fc.property(anyRange, anyKey, (range, key) => {
      if (inScanRange(range, key)) expect(liesIn(range, key)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("K4: they hold no key of another kind or scope, and no short key with another prefix", () => {
  fc.assert(
    fc.property(anyRange, anyKey, (range, key) => {
      if (!liesIn(range, key)) return;
      expect(key.kind).toBe(range.kind);
      if (range.scope === undefined) return;
      expect(key.scope.text).toBe(range.scope.text);
      if (key.text === key.fullText) expect(inScanRange(range, key)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("K4: a prefix is one of the text, not of its encoding", () => {
  const scope = scopeOf("n", "t");
  const range: ScanRange = { kind: "state", scope, idPrefix: "=" };
  for (const id of [undefined, "", "/", "é"]) expect(liesIn(range, stateKey(scope, "state", id))).toBe(false);
  expect(liesIn(range, stateKey(scope, "state", "=h"))).toBe(true);
});

function liesIn(range: ScanRange, { text }: StateKey): boolean {
  return textRanges(range).some(({ from, to }) => text >= from && text < to);
}
