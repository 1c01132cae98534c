import { Findings } from "@acteon/rules";
import type { SourceText } from "@acteon/rules";
import type { RegoModule } from "./syntax/ast.ts";
import { parseModule } from "./syntax/parse-module.ts";
import type { Unit } from "./lower/unit.ts";

/** A file as it was read; without a unit where nothing could be made of it. */
export interface ReadFile {
  readonly findings: Findings;
  readonly unit: Unit | undefined;
}

export function readFile({ text, file }: SourceText): ReadFile {
  const findings = new Findings(file, text);
  const module = parseModule(findings);
  return { findings, unit: module && { module, findings, imports: importsOf(module, findings) } };
}

function importsOf({ imports }: RegoModule, findings: Findings): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, readonly string[]>();
  for (const { name, nameExtent, path } of imports) {
    if (byName.has(name)) {
      const summary = `two imports are called \`${name}\``;
      findings.error({ code: "ACT-R029", at: nameExtent, summary, help: "give one of them another name with `as`" });
    }
    byName.set(name, path);
  }
  return byName;
}
