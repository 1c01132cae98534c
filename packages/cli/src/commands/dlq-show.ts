import type { Run } from "../command.ts";
import { visible } from "../paint.ts";
import { deadLetterOf, letterField, letterPath } from "../remote/dead-letter.ts";
import { ServerClient } from "../remote/server-client.ts";

export const run: Run = async (context) => {
  const { args, output } = context;
  const [id = ""] = args;
  const letter = deadLetterOf(await new ServerClient(context).ask("GET", letterPath(id)));
  output.result(letter, () => {
    const row = (name: string, ...path: readonly string[]): string =>
      `${name.padEnd(10)}${visible(letterField(letter, ...path))}`;
    return [
      row("id", "id"),
      row("died at", "died_at"),
      row("reason", "reason"),
      row("error", "error", "code"),
      row("", "error", "message"),
      row("attempts", "attempts"),
      "action",
      JSON.stringify(letter["action"], undefined, 2),
    ].join("\n");
  });
  return 0;
};
