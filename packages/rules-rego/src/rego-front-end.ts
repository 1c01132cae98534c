import type { JsonObject } from "@acteon/core";
import { node, someExpr, verdictExpressions } from "@acteon/rules";
import type { ParsedRules, Rule, RuleFrontEnd, SourceText } from "@acteon/rules";
import { regoBuiltins } from "./builtins/rego-builtins.ts";
import { createLowering, definitionsOf } from "./lower/lower-program.ts";
import { clausesOf } from "./lower/rule-group.ts";
import { ownBuiltins } from "./lower/own-builtins.ts";
import { decidingRules } from "./rules/deciding-rules.ts";
import { readFile } from "./source-units.ts";

export interface RegoOptions {
  /** What `data.…` is in rules besides the packages: the configured documents, by name. */
  readonly data?: JsonObject;
}

/** Rules in Rego. The files of a folder are one program: packages and imports reach across them. */
export function createRegoFrontEnd({ data = {} }: RegoOptions = {}): RuleFrontEnd {
  return {
    language: "rego",
    extensions: [".rego"],
    builtins: [...regoBuiltins, ...ownBuiltins],
    parse: (text, file) => parseFiles([{ text, file }], data)[0]!,
    parseTogether: (files) => parseFiles(files, data),
  };
}

export const regoFrontEnd: RuleFrontEnd = createRegoFrontEnd();

function parseFiles(files: readonly SourceText[], data: JsonObject): readonly ParsedRules[] {
  const read = files.map(readFile);
  const lowering = createLowering(
    read.flatMap(({ unit }) => unit ?? []),
    { data },
  );
  const deciding = Map.groupBy(decidingRules(lowering), ({ clause }) => clause.unit);
  const groups = Map.groupBy(lowering.program.groups, (group) => clausesOf(group)[0]?.unit);
  const all = definitionsOf(lowering);
  return read.map(({ findings, unit }): ParsedRules => {
    const diagnostics = findings.sorted();
    if (unit === undefined) return { kind: "rejected", diagnostics };
    const own = (deciding.get(unit) ?? []).toSorted((a, b) => a.clause.rule.start - b.clause.rule.start);
    const rules = own.map(({ rule }, order): Rule =>
      node({ ...rule, order, ...(usesDefinitions(rule) && { definitions: all }) }),
    );
    const definitions = (groups.get(unit) ?? []).flatMap(({ name }) => all[name] ?? []);
    return { kind: findings.hasErrors ? "rejected" : "parsed", rules, definitions, diagnostics };
  });
}

function usesDefinitions({ condition, verdict }: Pick<Rule, "condition" | "verdict">): boolean {
  return [condition, ...verdictExpressions(verdict)].some((expr) =>
    someExpr(expr, ({ kind }) => kind === "document" || kind === "invoke"),
  );
}
