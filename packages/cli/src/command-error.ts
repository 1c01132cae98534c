import type { Diagnostic, ErrorCode } from "@acteon/core";
import { ActeonError } from "@acteon/core";
import type { ExitCode } from "./exit-code.ts";

/** A command cannot do what it was asked: what to tell, and with which code to end. */
export class CommandError extends ActeonError {
  override readonly name = "CommandError";
  readonly code: ErrorCode;
  readonly publicMessage: string;
  /** Shown framed, after the message; empty where the fault is in no file. */
  readonly diagnostics: readonly Diagnostic[];
  /** What diagnostics of a file are shown around, where the file itself must not be: secrets are starred out in it. */
  readonly shown: { readonly file: string; readonly text: string } | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    {
      diagnostics = [],
      shown,
      ...options
    }: ErrorOptions & { readonly diagnostics?: readonly Diagnostic[]; readonly shown?: CommandError["shown"] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.publicMessage = message;
    this.diagnostics = diagnostics;
    this.shown = shown;
  }
}

/** The command line, or a file that it names, cannot be used. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError("bad_request", message, options);
}

/** How a command ends that could not do its work (`ux.md` §4.1, guarantees §8 row 77). */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof DOMException && error.name === "TimeoutError") return 7;
  return error instanceof ActeonError ? (exitCodes[error.code] ?? 1) : 1;
}

/** The codes that do not end as 1. */
const exitCodes: Partial<Readonly<Record<ErrorCode, ExitCode>>> = {
  bad_request: 2,
  invalid_configuration: 2,
  rules_rejected: 2,
  unauthenticated: 4,
  credentials_in_url: 4,
  forbidden: 4,
  not_found: 5,
  in_progress: 6,
  digest_mismatch: 6,
  already_committed: 6,
  data_too_new: 6,
  rate_limited: 7,
  overloaded: 7,
  draining: 7,
  deadline_exceeded: 7,
  lock_timeout: 7,
  stale_token: 7,
  state_unavailable: 7,
  audit_unavailable: 7,
  provider_unavailable: 7,
  timeout: 7,
};
