import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import type { BackendFinding, StateBackend } from "@acteon/state";

/** Backends speak of the keys of `[state]`, the only ones that they know; one that keeps the locks is made to speak of `[lock]`'s. */
export function withLockWords(backend: StateBackend): StateBackend {
  return {
    name: backend.name,
    async open(settings, ports) {
      try {
        return await backend.open(settings, { ...ports, warn: (each) => ports.warn(lockFinding(each)) });
      } catch (error) {
        throw lockError(error);
      }
    },
    async *inspect(settings, ports) {
      for await (const each of backend.inspect(settings, ports)) yield lockFinding(each);
    },
    async *migrate(settings, ports) {
      try {
        yield* backend.migrate(settings, ports);
      } catch (error) {
        throw lockError(error);
      }
    },
  };
}

function lockFinding({ level, subject, found, help }: BackendFinding): BackendFinding {
  return { level, subject, found: lockWords(found), ...(help === undefined ? {} : { help: lockWords(help) }) };
}

function lockError(error: unknown): unknown {
  if (!(error instanceof ConfigurationError) && !(error instanceof StateUnavailableError)) return error;
  const { found, help } = error;
  const options = { help: help === undefined ? undefined : lockWords(help), cause: error };
  return error instanceof StateUnavailableError
    ? new StateUnavailableError(lockWords(found), options)
    : new ConfigurationError(lockWords(found), { ...options, diagnostics: error.diagnostics });
}

export function lockWords(text: string): string {
  return text.replace(/\bstate\.(?=[a-z])/g, "lock.").replaceAll("[state]", "[lock]");
}
