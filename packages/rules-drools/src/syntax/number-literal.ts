import type { DrlConstant } from "./ast-expression.ts";

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** What a number stands for: a whole one, another one, a time; `undefined`: it is beyond its type. */
export function readNumber(written: string, sign: 1 | -1): DrlConstant | undefined {
  const text = written.replaceAll("_", "");
  if (/^(?:\d+(?:ms|[dhms]))+$/.test(text)) return duration(text, sign);
  if (/^0x/i.test(text)) return int(BigInt(text.replace(/[li]$/i, "")), sign);
  // Java: digits behind a 0 are octal.
  if (/^0[0-7]+[li]?$/i.test(text)) return int(BigInt(`0o${text.replace(/[li]$/i, "")}`), sign);
  if (/^\d+[li]?$/i.test(text)) return int(BigInt(text.replace(/[li]$/i, "")), sign);
  const value = sign * Number(text.replace(/[lfdbi]$/i, ""));
  return Number.isFinite(value) ? { type: "double", value } : undefined;
}

function int(magnitude: bigint, sign: 1 | -1): DrlConstant | undefined {
  const value = sign === 1 ? magnitude : -magnitude;
  return BigInt.asIntN(64, value) === value ? { type: "int", value } : undefined;
}

function duration(text: string, sign: 1 | -1): DrlConstant | undefined {
  let ms = 0;
  for (const [, count = "", unit = ""] of text.matchAll(/(\d+)(ms|[dhms])/g)) ms += Number(count) * unitMs[unit]!;
  return Number.isSafeInteger(ms) ? { type: "duration", ms: sign * ms } : undefined;
}
