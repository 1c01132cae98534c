export type ParsedDuration =
  | { readonly kind: "parsed"; readonly ms: number }
  /** `message` says what was expected, for the person who wrote it. */
  | { readonly kind: "rejected"; readonly message: string };

/**
 * A length of time as people write it: `250ms`, `5m`, `1h30m`, `2d`. Whole numbers, units from large to small, each at most
 * once; a day has 24 hours. The one way that rules, configuration and command line have (`ux.md` §8).
 */
export function parseDuration(text: string): ParsedDuration {
  const match = text === "" ? null : duration.exec(text);
  if (match === null) {
    return { kind: "rejected", message: "must be whole numbers with the units d, h, m, s, ms, such as 5m or 1h30m" };
  }
  let ms = 0;
  for (const [i, { unitMs }] of units.entries()) ms += Number(match[i + 1] ?? 0) * unitMs;
  return ms <= Number.MAX_SAFE_INTEGER ? { kind: "parsed", ms } : { kind: "rejected", message: "is too long" };
}

const duration = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

const units = [
  { name: "d", unitMs: 86_400_000 },
  { name: "h", unitMs: 3_600_000 },
  { name: "m", unitMs: 60_000 },
  { name: "s", unitMs: 1_000 },
  { name: "ms", unitMs: 1 },
] as const;

/**
 * The shortest text that `parseDuration` reads as `ms`.
 * @param ms Whole and ≥ 0.
 * @throws {RangeError} It is not: a bug in the caller.
 */
export function formatDuration(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`no duration: ${ms} ms`);
  let text = "";
  let restMs = ms;
  for (const { name, unitMs } of units) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) text += `${count}${name}`;
  }
  return text === "" ? "0s" : text;
}
