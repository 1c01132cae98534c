import { createInterface } from "node:readline/promises";
import type { CommandContext } from "./command.ts";
import { CommandError, usageError } from "./command-error.ts";

/**
 * Says what is about to happen, and asks unless `--yes` was given. Without a terminal nobody is asked.
 * @throws {CommandError} The answer is no, or there is nobody to ask.
 */
export async function confirm(
  consequence: string,
  { options, output, stderr, stdin }: Pick<CommandContext, "options" | "output" | "stderr" | "stdin">,
): Promise<void> {
  output.note(consequence);
  if (options.flag("yes")) return;
  if (!stdin.isTTY || !stderr.isTTY) throw usageError("nobody to ask: say --yes");
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    if (/^y(es)?$/i.test((await prompt.question("go on? [y/N] ")).trim())) return;
  } finally {
    prompt.close();
  }
  throw new CommandError("internal", "nothing was done");
}
