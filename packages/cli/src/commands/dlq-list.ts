import type { Run } from "../command.ts";
import { deadLettersOf, letterField } from "../remote/dead-letter.ts";
import { ServerClient } from "../remote/server-client.ts";
import { table } from "../table.ts";

export const run: Run = async (context) => {
  const { options, output } = context;
  const limit = options.integer("limit", { min: 1, max: 1_000, fallback: 50 });
  const query = new URLSearchParams({ limit: String(limit) });
  for (const name of ["namespace", "tenant"]) {
    const value = options.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const letters = deadLettersOf(await new ServerClient(context).ask("GET", `/v1/dlq/letters?${query.toString()}`));
  output.result(letters, () => {
    if (letters.length === 0) return "";
    const rows = letters.map((letter) => [
      letter.id,
      letterField(letter, "died_at"),
      letterField(letter, "action", "provider"),
      letterField(letter, "reason"),
      letterField(letter, "error", "code"),
      letterField(letter, "attempts"),
    ]);
    return table(["ID", "DIED AT", "PROVIDER", "REASON", "ERROR", "ATTEMPTS"], rows, output.paint);
  });
  if (letters.length === 0) output.note("no dead letters");
  if (letters.length === limit) output.note(`no more than ${limit} are listed: there may be others (--limit)`);
  return 0;
};
