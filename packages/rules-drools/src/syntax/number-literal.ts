import { parseDuration } from "@acteon/core";
import type { DrlConstant } from "./ast-expression.ts";

/** What a number stands for: a whole one, another one, a time; `undefined`: it is beyond its type. */
export function readNumber(written: string, sign: 1 | -1): DrlConstant | undefined {
  const text = written.replaceAll("_", "");
  if (/^\d+(?:ms|[dhms])/.test(text)) {
    const parsed = parseDuration(text);
    return parsed.kind === "parsed" ? { type: "duration", ms: sign * parsed.ms } : undefined;
  }
  const digits = text.replace(/[li]$/i, "");
  if (/^0x/i.test(text)) return int(BigInt(digits), sign);
  // Java: digits behind a 0 are octal.
  if (/^0[0-7]+$/.test(digits)) return int(BigInt(`0o${digits}`), sign);
  if (/^\d+$/.test(digits)) return int(BigInt(digits), sign);
  const value = sign * Number(text.replace(/[lfdbi]$/i, ""));
  return Number.isFinite(value) ? { type: "double", value } : undefined;
}

function int(magnitude: bigint, sign: 1 | -1): DrlConstant | undefined {
  const value = sign === 1 ? magnitude : -magnitude;
  return BigInt.asIntN(64, value) === value ? { type: "int", value } : undefined;
}
