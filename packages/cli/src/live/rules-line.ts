import type { RulesEvent } from "@acteon/server";
import { describeChange } from "@acteon/rules";
import type { RuleChange } from "@acteon/rules";
import type { Output } from "../output.ts";
import { visible } from "../paint.ts";
import { sourceText } from "../source-text.ts";

/** Rules have changed on disk: one line of what is new, or every mistake framed, and that the old ones stay. */
export function tellRules(event: RulesEvent, output: Output): void {
  if (event.kind === "rejected") {
    output.noteFrames(event.diagnostics, sourceText);
    output.note(`${output.notePaint("bad", "not reloaded")}: the old rules stay in force`);
    if (output.format !== "text") output.event({ event: "rules_rejected", diagnostics: event.diagnostics }, () => "");
    return;
  }
  const { rules, changed, added, removed } = event.change;
  output.event({ event: "rules_reloaded", rules, changed, added, removed }, () => reloadedLine(event.change));
  if (event.diagnostics.length > 0) output.noteFrames(event.diagnostics, sourceText);
}

/** `reloaded 5 rules (1 changed): deduplicate-alerts`. */
export function reloadedLine(change: RuleChange): string {
  const names = [...change.changed, ...change.added, ...change.removed];
  const shown = names.slice(0, maxNames).join(", ");
  const rest = names.length > maxNames ? `, … ${names.length - maxNames} more` : "";
  return visible(`reloaded ${describeChange(change)}${names.length === 0 ? "" : `: ${shown}${rest}`}`);
}

const maxNames = 5;
