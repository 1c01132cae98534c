import { suggest } from "@acteon/core";
import { didYouMean } from "./finding.ts";
import type { Extent, Findings } from "./findings.ts";

export interface UnknownField {
  readonly at: Extent;
  /** What has no such field: `a rule`. */
  readonly of: string;
  readonly known: readonly string[];
}

/** Reports a key that means nothing, with the one that was probably meant. */
export function reportUnknownField(
  findings: Pick<Findings, "error">,
  key: string,
  { at, of, known }: UnknownField,
): void {
  const near = suggest(key, known);
  findings.error({
    code: "ACT-R004",
    at,
    summary: `unknown field \`${key}\``,
    label: `not a field of ${of}`,
    ...(near === undefined
      ? { help: known.length === 0 ? "it takes nothing" : `known here: ${known.join(", ")}` }
      : { ...didYouMean(near), fix: { at, text: near } }),
  });
}
