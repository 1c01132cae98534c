import type { Diagnostic } from "@acteon/core";
import { ActeonError, ConfigurationError, ValidationError } from "@acteon/core";
import { RuleLoadError } from "@acteon/rules";
import { StoreUnreachableError } from "./wiring/store-unreachable-error.ts";

/** Why a server did not start: what a command prints, and how it exits (`ux.md` §4, guarantees §8 rows 57, 65–68). */
export interface StartFailure {
  readonly exitCode: 1 | 2 | 6 | 7;
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly help?: string | undefined;
  /** Empty where the fault is in no file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One of several workers did not start. */
export class WorkerStartError extends ActeonError {
  override readonly name = "WorkerStartError";
  readonly code = "internal";
  readonly publicMessage = "internal error";
  readonly failure: StartFailure;

  constructor(failure: StartFailure) {
    super(failure.message, { help: failure.help });
    this.failure = failure;
  }
}

export function startFailureOf(error: unknown): StartFailure {
  if (error instanceof WorkerStartError) return error.failure;
  const diagnostics = error instanceof ConfigurationError || error instanceof RuleLoadError ? error.diagnostics : [];
  return { exitCode: exitCodeOf(error), ...told(error), diagnostics };
}

function told(error: unknown): Pick<StartFailure, "message" | "help"> {
  if (error instanceof ActeonError) return { message: error.found, help: error.help };
  if (!(error instanceof Error)) return { message: String(error) };
  if (!isListenError(error) || error.code !== "EADDRINUSE") return { message: error.message };
  return {
    message: `another process listens on ${error.address ?? "the address"}:${error.port ?? ""}`,
    help: "stop it, or choose another port (server.port, --port)",
  };
}

/** Node's, of an address that cannot be listened on. */
function isListenError(
  error: Error,
): error is NodeJS.ErrnoException & { readonly address?: string; readonly port?: number } {
  return "syscall" in error && error.syscall === "listen";
}

function exitCodeOf(error: unknown): StartFailure["exitCode"] {
  if (error instanceof ConfigurationError || error instanceof RuleLoadError || error instanceof ValidationError)
    return 2;
  if (error instanceof StoreUnreachableError) return 7;
  if (error instanceof ActeonError) {
    if (error.code === "data_too_new" || isLocked(error.cause)) return 6;
    // A store on this machine that cannot be written stays so; one that does not answer may come back.
    return error.code === "state_unavailable" && error.cause === undefined ? 7 : 1;
  }
  if (error instanceof DOMException && error.name === "TimeoutError") return 7;
  return error instanceof Error && isListenError(error) ? 7 : 1;
}

/** `SQLITE_BUSY` and `SQLITE_PROTOCOL`: another process has the data. */
function isLocked(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") return false;
  const code = cause.errcode & 0xff;
  return code === 5 || code === 15;
}
