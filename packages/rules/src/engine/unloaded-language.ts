import type { Diagnostic } from "@acteon/core";
import { errorAt } from "../diagnostics/finding.ts";
import { startOf } from "./rule-source.ts";

/** That what reads these files could not be loaded, at each of them. */
export function unloadedLanguage(files: readonly string[], language: string, cause: unknown): readonly Diagnostic[] {
  return files.map((file) =>
    errorAt("ACT-R034", startOf(file), {
      summary: `what reads ${language} cannot be loaded`,
      notes: [cause instanceof Error ? cause.message : String(cause)],
      help: "install Acteon anew, or take the files of this language away",
    }),
  );
}
