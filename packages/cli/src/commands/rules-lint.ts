import { readFile, writeFile } from "node:fs/promises";
import type { Diagnostic } from "@acteon/core";
import type { Run } from "../command.ts";
import { findRules, loadRules } from "../offline/offline-rules.ts";
import type { RulePlace } from "../offline/offline-rules.ts";
import { counted } from "../counted.ts";
import { sourceText } from "../source-text.ts";

/** A mended file may show what the mistake had hidden; past this many rounds it never ends. */
const maxRounds = 10;

export const run: Run = async (context) => {
  const { args, options, output } = context;
  const place = await findRules(args[0], context);
  if (options.flag("fix")) {
    const mended = await fixAll(place);
    output.note(`${counted(mended, "edit")} made`);
  }
  const { engine, result } = await loadRules(place);
  const { diagnostics } = result;
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  output.result(diagnostics, () => output.frames(diagnostics, sourceText));
  const found = `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
  output.note(result.kind === "rejected" ? found : `${counted(engine.current().size, "rule")}, ${found}`);
  return errors > 0 || (options.flag("strict") && warnings > 0) ? 3 : 0;
};

/** Applies the edits of the findings until there are no more. @returns How many. */
async function fixAll(place: RulePlace): Promise<number> {
  let mended = 0;
  for (let round = 0; round < maxRounds; round++) {
    const { result } = await loadRules(place);
    const fixes = result.diagnostics.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (fixes.length === 0) break;
    for (const [file, ofFile] of Map.groupBy(fixes, ({ span }) => span.file)) {
      const text = await readFile(file, "utf8");
      const edited = applied(text, ofFile);
      await writeFile(file, edited.text);
      mended += edited.count;
    }
  }
  return mended;
}

type Fix = NonNullable<Diagnostic["fix"]>;

/** From the end to the start, so that no edit moves another; of two that overlap the later one waits for the next round. */
function applied(text: string, fixes: readonly Fix[]): { readonly text: string; readonly count: number } {
  let edited = text;
  let count = 0;
  let before = Number.POSITIVE_INFINITY;
  for (const { span, text: replacement } of fixes.toSorted((a, b) => b.span.start.offset - a.span.start.offset)) {
    if (span.end.offset > before) continue;
    edited = edited.slice(0, span.start.offset) + replacement + edited.slice(span.end.offset);
    before = span.start.offset;
    count += 1;
  }
  return { text: edited, count };
}
