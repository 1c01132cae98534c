import type { LogFields, Logger } from "@acteon/server";
import type { Paint } from "../paint.ts";
import { visible } from "../paint.ts";

/** Told by the command itself, framed (`onRules`). */
const toldElsewhere: ReadonlySet<string> = new Set(["rule", "rules rejected; the old ones stay"]);

/**
 * For a person at a terminal: what is wrong, a line each. What goes well they see anyway.
 * @param known Events that are no news to them.
 */
export function terminalLogger(tell: (line: string) => void, paint: Paint, known: readonly string[] = []): Logger {
  const line =
    (style: "bad" | "warn", word: string) =>
    (event: string, fields: LogFields = {}): void => {
      if (toldElsewhere.has(event) || known.includes(event)) return;
      const text = [event, ...Object.entries(fields).map(fieldText)].join("  ");
      tell(`${paint(style, word)}: ${visible(text)}`);
    };
  return { error: line("bad", "error"), warn: line("warn", "warning"), info: () => undefined, debug: () => undefined };
}

function fieldText([name, value]: readonly [string, unknown]): string {
  if (value instanceof Error) return `${name}=${value.message}`;
  return `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
}
