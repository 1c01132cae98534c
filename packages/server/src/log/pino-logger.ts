import type { LogLevel } from "../config/config.ts";
import type { LogFields, Logger } from "./logger.ts";

export interface PinoLoggerOptions {
  readonly level: LogLevel;
  /** Fields of every line. */
  readonly base?: LogFields;
  /** Takes the lines; standard error unless given. */
  readonly to?: { readonly write: (line: string) => void };
}

/** Lines of JSON. pino is imported now, so that who logs elsewhere does not load it. */
export async function openPinoLogger({ level, base = {}, to }: PinoLoggerOptions): Promise<Logger> {
  const { destination, pino, stdTimeFunctions } = await import("pino");
  const lines = pino(
    { level, base, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    to ?? destination({ dest: 2, sync: true }),
  );
  const write =
    (to: "error" | "warn" | "info" | "debug") =>
    (event: string, fields: LogFields = {}) =>
      lines[to](printable(fields), event);
  return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
}

/** Errors in full, which JSON would leave out: who reads the log is an operator. */
function printable(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? errorFields(value) : value]),
  );
}

function errorFields(error: Error): LogFields {
  const { name, message, stack, cause } = error;
  const code = "code" in error ? { code: error.code } : {};
  return { name, message, ...code, stack, ...(cause instanceof Error ? { cause: errorFields(cause) } : {}) };
}
