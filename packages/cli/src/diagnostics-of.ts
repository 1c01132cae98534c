import type { Diagnostic } from "@acteon/core";

/** What an error has to say about files: those of configuration, rules and commands carry findings. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  // By shape, so that a command which has nothing to do with rules does not load their engine to be told from it.
  return error instanceof Error && "diagnostics" in error && Array.isArray(error.diagnostics)
    ? (error.diagnostics as readonly Diagnostic[])
    : [];
}
