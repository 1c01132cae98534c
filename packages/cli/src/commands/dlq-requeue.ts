import type { JsonValue } from "@acteon/core";
import type { Run } from "../command.ts";
import { counted } from "../counted.ts";
import { letterPath } from "../remote/dead-letter.ts";
import { ServerClient } from "../remote/server-client.ts";
import { answerText, readWireAnswer } from "../wire-outcome.ts";

interface Requeued {
  readonly id: string;
  readonly outcome: JsonValue;
}

export const run: Run = async (context) => {
  const { args, output } = context;
  const client = new ServerClient(context);
  output.note(`${counted(args.length, "letter")} to execute again`);
  const list = output.list<Requeued>(
    (requeued) => requeued,
    ({ id, outcome }) => `${id}  ${answerText(readWireAnswer(outcome), undefined, output.paint)}`,
  );
  let failed = 0;
  try {
    for (const id of args) {
      const outcome = await client.ask("POST", `${letterPath(id)}/requeue`, "");
      if (readWireAnswer(outcome).category === "failed") failed += 1;
      list.add({ id, outcome });
    }
  } finally {
    // What was done before one was refused is told, too.
    list.end();
  }
  return failed > 0 ? 1 : 0;
};
