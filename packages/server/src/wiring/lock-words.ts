import { ConfigurationError } from "@acteon/core";

/** Backends speak of the keys of `[state]`, the only ones that they know; for a store of locks those are `[lock]`'s. */
export function lockWords(text: string): string {
  return text.replace(/\bstate\.(?=[a-z])/g, "lock.").replaceAll("[state]", "[lock]");
}

/** The same for what a backend throws. */
export function lockError(error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error;
  return new ConfigurationError(lockWords(error.message), { cause: error, diagnostics: error.diagnostics });
}
