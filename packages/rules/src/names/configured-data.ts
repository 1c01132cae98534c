import { isJsonObject, suggest } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";
import { didYouMean } from "../diagnostics/finding.ts";
import type { Extent, Findings } from "../diagnostics/findings.ts";
import { documentExpr } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";

/** The part of the configured documents that `data.a.b` leads to, and how many of its names that takes. */
export interface ConfiguredData {
  readonly expr: Expr;
  readonly count: number;
}

/**
 * Follows names as far as there are maps; one that a map does not have is reported.
 *
 * @param path What is written; its first name stands for all the documents.
 */
export function configuredData(
  findings: Pick<Findings, "error" | "spanOf">,
  data: JsonObject,
  path: readonly string[],
  at: Extent,
): ConfiguredData {
  let value: JsonValue = data;
  let count = 1;
  for (const name of path.slice(1)) {
    if (!isJsonObject(value)) break;
    if (!Object.hasOwn(value, name)) {
      const known = Object.keys(value);
      const near = suggest(name, known);
      findings.error({
        code: "ACT-R024",
        at,
        summary: `the configured data has no \`${path.slice(0, count + 1).join(".")}\``,
        label: "not in the data",
        ...(known.length > 0 && { notes: [`known here: ${known.slice(0, maxNamed).join(", ")}`] }),
        ...(near === undefined ? { help: "documents are configured under `rules.data`" } : didYouMean(near)),
      });
      break;
    }
    value = value[name]!;
    count++;
  }
  return { expr: documentExpr(value, findings.spanOf(at)), count };
}

/** So many keys are named beside one that is not there. */
const maxNamed = 10;
