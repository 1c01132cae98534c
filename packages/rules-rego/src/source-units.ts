import { Findings } from "@acteon/rules";
import type { SourceText } from "@acteon/rules";
import type { RegoModule, RegoRule } from "./syntax/ast.ts";
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
  if (module === undefined) return { findings, unit: undefined };
  const broken = brokenRules(module, findings);
  return { findings, unit: { module, findings, imports: importsOf(module, findings), broken } };
}

/** Those that some error lies in, or right behind. */
function brokenRules({ rules }: RegoModule, findings: Findings): ReadonlySet<RegoRule> {
  const broken = new Set<RegoRule>();
  for (const { severity, span } of findings.sorted()) {
    const { offset } = span.start;
    const rule = severity === "error" ? rules.findLast(({ start }) => start <= offset) : undefined;
    if (rule !== undefined && !findings.text.slice(rule.end, offset).includes("\n")) broken.add(rule);
  }
  return broken;
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
