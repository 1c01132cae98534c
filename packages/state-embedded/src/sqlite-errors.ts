import { DataDamagedError, StateUnavailableError } from "@acteon/core";

/** Primary result codes, sqlite.org/rescode.html. */
const busy = 5;
const outside: Readonly<Record<number, string>> = {
  3: "access denied",
  [busy]: "locked by another process",
  7: "out of memory",
  8: "read-only",
  10: "disk error",
  13: "disk full",
  14: "cannot be opened",
  15: "locked by another process",
  23: "access denied",
};
const damaged: Readonly<Record<number, string>> = { 11: "damaged", 26: "not a database of ours" };

/** Somebody else writes just now. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === busy;
}

/** There is no such file. */
export function isMissing(error: unknown): boolean {
  return systemCode(error) === "ENOENT";
}

/** What an error of SQLite or of the file system means to a caller of the store; a bug stays what it is. */
export function asStoreError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  const damage = code === undefined ? undefined : damaged[code];
  if (damage !== undefined) return new DataDamagedError(`${path}: ${damage}; nothing was deleted`, { cause: error });
  const reason = (code === undefined ? undefined : outside[code]) ?? systemCode(error);
  return reason === undefined ? error : new StateUnavailableError(`${path}: ${reason}`, { cause: error });
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** `ENOSPC`, `EROFS`, `EACCES` …, of a call to the operating system. */
function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
}
