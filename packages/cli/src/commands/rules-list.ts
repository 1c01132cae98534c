import type { RuleSummary } from "@acteon/rules";
import type { CommandContext, Run } from "../command.ts";
import { findRules, openRules } from "../offline/offline-rules.ts";
import type { Paint } from "../paint.ts";
import { table } from "../table.ts";

export const run: Run = async (context: CommandContext) => {
  const { args, output } = context;
  const place = await findRules(args[0], context);
  const engine = await openRules(place, context);
  const rules = engine.listRules();
  output.result(rules.map(ruleToJson), () => (rules.length === 0 ? "" : rulesText(rules, output.paint)));
  if (rules.length === 0) output.note(`no rules in ${place.path}`);
  return 0;
};

/** As `GET /v1/rules` lists it (`wire-api.md` §6.1). */
function ruleToJson({ name, priority, enabled, description, file, line, language, verdict }: RuleSummary): object {
  return { name, priority, enabled, description: description ?? null, file, line, language, verdict };
}

function rulesText(rules: readonly RuleSummary[], paint: Paint): string {
  const rows = rules.map(({ name, priority, enabled, file, line, verdict }, i) => [
    String(i + 1),
    enabled ? name : `${name} (off)`,
    verdict,
    String(priority),
    `${file}:${line}`,
  ]);
  return table(["", "RULE", "VERDICT", "PRIORITY", "PLACE"], rows, paint);
}
