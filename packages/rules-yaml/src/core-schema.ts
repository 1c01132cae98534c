import type { YamlScalar } from "./yaml-node.ts";

/**
 * What a plain scalar means by the core schema of YAML 1.2.2 §10.3.2: `~` and `null`, `true` and `false`, integers,
 * floats, else text. `undefined`: a number that JSON does not have (`.inf`, `.nan`, `1e400`).
 */
export function coreScalar(text: string): YamlScalar["value"] | undefined {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!mayBeNumber.test(text)) return text;
  if (integer.test(text)) return integerValue(text);
  if (otherBase.test(text)) return integerValue(BigInt(text).toString());
  if (float.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  return notFinite.test(text) ? undefined : text;
}

const words = new Map<string, null | boolean>([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, null] as const),
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
]);

const mayBeNumber = /^[-+.0-9]/;
const integer = /^[-+]?[0-9]+$/;
const otherBase = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Digits beyond 2^53 − 1 are kept as they are (guarantees S8), without what JSON does not allow: `+` and leading zeros. */
function integerValue(text: string): YamlScalar["value"] {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return JSON.rawJSON(text.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1"));
}
