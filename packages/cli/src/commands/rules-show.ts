import { readFile } from "node:fs/promises";
import { NotFoundError, suggest } from "@acteon/core";
import type { Rule, RuleSummary } from "@acteon/rules";
import { displayExpr } from "@acteon/rules";
import type { Run } from "../command.ts";
import { findRules, openRules } from "../offline/offline-rules.ts";

export const run: Run = async (context) => {
  const { args, options, output } = context;
  const [name = ""] = args;
  const engine = await openRules(await findRules(options.text("rules"), context), context);
  const rules = engine.listRules();
  const place = rules.findIndex((rule) => rule.name === name);
  const rule = rules[place];
  const ranked = engine.current().rules[place];
  if (rule === undefined || ranked?.kind !== "compiled") throw notFound(name, rules);
  const { condition, source } = await asWritten(ranked.compiled.source);
  const { priority, enabled, description, file, line, language, verdict } = rule;
  output.result(
    {
      name,
      order: place + 1,
      priority,
      enabled,
      description: description ?? null,
      file,
      line,
      language,
      verdict,
      condition,
      source,
    },
    () =>
      [
        `${output.paint("strong", name)}  ${verdict}${enabled ? "" : "  (off)"}`,
        ...(description === undefined ? [] : [description]),
        `asked as number ${place + 1} of ${rules.length}, priority ${priority}`,
        `when   ${condition}`,
        output.paint("dim", `${file}:${line}`),
        "",
        source,
      ].join("\n"),
  );
  return 0;
};

/** The lines that the rule stands on, and its condition as every language shows it. */
async function asWritten({ condition, span }: Rule): Promise<{ condition: string; source: string }> {
  const text = await readFile(span.file, "utf8");
  const start = text.lastIndexOf("\n", span.start.offset - 1) + 1;
  const end = text.indexOf("\n", span.end.offset);
  return { condition: displayExpr(condition), source: text.slice(start, end === -1 ? text.length : end).trimEnd() };
}

function notFound(name: string, rules: readonly RuleSummary[]): NotFoundError {
  const near = suggest(
    name,
    rules.map((rule) => rule.name),
  );
  return new NotFoundError(`rule not found: ${name}${near === undefined ? "" : ` (did you mean ${near}?)`}`);
}
