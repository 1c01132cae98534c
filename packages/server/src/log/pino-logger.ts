import type { LogLevel } from "../config/config.ts";
import type { LogFields, Logger } from "./logger.ts";

/** Lines of JSON on standard error. pino is imported now, so that who logs elsewhere does not load it. */
export async function openPinoLogger(level: LogLevel): Promise<Logger> {
  const { destination, pino, stdTimeFunctions } = await import("pino");
  const lines = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 2, sync: true }),
  );
  const write =
    (to: "error" | "warn" | "info" | "debug") =>
    (event: string, fields: LogFields = {}) =>
      lines[to](fields, event);
  return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
}
