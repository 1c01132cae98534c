import { readFile } from "node:fs/promises";
import { NotFoundError, suggest } from "@acteon/core";
import type { RuleSummary } from "@acteon/rules";
import { displayExpr } from "@acteon/rules";
import { loadFrontEnds } from "@acteon/server";
import type { Run } from "../command.ts";
import { findRules, openRules } from "../offline/offline-rules.ts";

export const run: Run = async (context) => {
  const { args, options, output } = context;
  const [name = ""] = args;
  const engine = await openRules(await findRules(options.text("rules"), context), context);
  const rules = engine.listRules();
  const place = rules.findIndex((rule) => rule.name === name);
  const rule = rules[place];
  if (rule === undefined) throw notFound(name, rules);
  const { condition, source } = await asWritten(rule);
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

/** The rule once more from its file: the engine keeps what it compiled. */
async function asWritten({ name, file, line }: RuleSummary): Promise<{ condition: string; source: string }> {
  const text = await readFile(file, "utf8");
  for (const frontEnd of await loadFrontEnds()) {
    if (!frontEnd.extensions.some((extension) => file.toLowerCase().endsWith(extension))) continue;
    const parsed = frontEnd.parse(text, file);
    const rule =
      parsed.kind === "parsed"
        ? parsed.rules.find((each) => each.name === name && each.span.start.line === line)
        : undefined;
    if (rule === undefined) continue;
    const start = text.lastIndexOf("\n", rule.span.start.offset - 1) + 1;
    const end = text.indexOf("\n", rule.span.end.offset);
    const source = text.slice(start, end === -1 ? text.length : end).trimEnd();
    return { condition: displayExpr(rule.condition), source };
  }
  // The file has changed since it was loaded.
  throw new NotFoundError(`rule not found: ${name}`);
}

function notFound(name: string, rules: readonly RuleSummary[]): NotFoundError {
  const near = suggest(
    name,
    rules.map((rule) => rule.name),
  );
  return new NotFoundError(`rule not found: ${name}${near === undefined ? "" : ` (did you mean ${near}?)`}`);
}
