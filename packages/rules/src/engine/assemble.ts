import { serialize } from "node:v8";
import { digest } from "@acteon/core";
import type { Diagnostic } from "@acteon/core";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import { rerouteCycles } from "../validate/reroute-cycles.ts";
import { duplicateNames, unknownProviders } from "../validate/validate-set.ts";
import { compareText } from "../values/order.ts";
import type { Pacer } from "./pacer.ts";
import { constraintsOfRule, sourceOf } from "./ranked-rule.ts";
import type { RankedRule } from "./ranked-rule.ts";
import { RuleIndex } from "./rule-index.ts";
import type { RuleSourceFile } from "./rule-source.ts";

/** Where the rules of a set come from. */
export interface RuleSources {
  /** By absolute path; what they are called is how their folder was called. */
  readonly files: ReadonlyMap<string, RuleSourceFile>;
  /** Made in code, as registered. */
  readonly natives: readonly RankedRule[];
  /** Of the documents that the rules of files see. */
  readonly dataHash: string;
}

export type Assembly =
  | {
      readonly kind: "assembled";
      /** In evaluation order. */
      readonly rules: readonly RankedRule[];
      readonly index: RuleIndex;
      readonly hash: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: "rejected"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Puts the rules of all sources in evaluation order (`design.md` §5): lower priority first; then by file path and place in
 * the file; then those made in code. With an error anywhere there is no set.
 *
 * @param providers The configured ones, where that is known.
 */
export async function assemble(
  sources: RuleSources,
  providers: ReadonlySet<string> | undefined,
  pacer: Pacer,
): Promise<Assembly> {
  const files = [...sources.files.values()].toSorted((a, b) => compareText(a.file, b.file));
  const natives = sources.natives.map(sourceOf);
  const all = [...files.flatMap((file) => file.rules), ...natives];
  const written = all.filter((rule) => rule.kind === "rule");
  const diagnostics = files.flatMap((file) => file.diagnostics);
  for (const checks of [
    () => duplicateNames(all),
    () => rerouteCycles(written),
    () => (providers === undefined ? [] : unknownProviders(written, providers)),
  ]) {
    if (pacer.isDue) await pacer.pause();
    diagnostics.push(...checks());
  }
  if (hasError(diagnostics)) return { kind: "rejected", diagnostics };
  if (pacer.isDue) await pacer.pause();
  // Sorting by priority alone keeps the order in which they stand here among equals.
  const ranked = [...files.flatMap((file) => file.ranked), ...sources.natives].toSorted(
    (a, b) => a.priority - b.priority,
  );
  const index = await RuleIndex.build(ranked.map(constraintsOfRule), pacer);
  const texts = [
    ...files.map((file) => `${file.file} ${file.hash}`),
    ...natives.map(fingerprintOf),
    ...(sources.dataHash === "" ? [] : [`data ${sources.dataHash}`]),
  ];
  return { kind: "assembled", rules: ranked, index, hash: digest(texts.join("\n"), "hex"), diagnostics };
}

export function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** What can be told of a rule that is in no file; of a function not much. */
function fingerprintOf(rule: Rule | NativeRule): string {
  const head = `${rule.priority} ${rule.name}`;
  return rule.kind === "native" ? head : `${head} ${digest(serialize(rule), "hex")}`;
}
