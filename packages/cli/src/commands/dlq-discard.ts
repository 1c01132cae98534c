import type { Run } from "../command.ts";
import { confirm } from "../confirm.ts";
import { counted } from "../counted.ts";
import { deadLetterOf, letterPath } from "../remote/dead-letter.ts";
import { ServerClient } from "../remote/server-client.ts";

export const run: Run = async (context) => {
  const { args, output } = context;
  const client = new ServerClient(context);
  // A misspelt id is told before anything is gone.
  for (const id of args) deadLetterOf(await client.ask("GET", letterPath(id)));
  await confirm(`${counted(args.length, "letter")} will be discarded for good`, context);
  const list = output.list<string>(
    (id) => ({ id, discarded: true }),
    (id) => `${id}  discarded`,
  );
  try {
    for (const id of args) {
      await client.ask("DELETE", letterPath(id));
      list.add(id);
    }
  } finally {
    list.end();
  }
  return 0;
};
