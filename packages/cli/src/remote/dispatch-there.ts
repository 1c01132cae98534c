import type { CommandContext } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DispatchAnswer, DispatchRequest } from "../commands/dispatch.ts";
import { ServerClient } from "./server-client.ts";

/** Sends the actions to a server; one answer each, in order. */
export async function* dispatch(
  { actions, batch, dryRun, idempotencyKey }: DispatchRequest,
  context: CommandContext,
): AsyncIterable<DispatchAnswer> {
  const client = new ServerClient(context);
  const query = dryRun ? "?dry_run=true" : "";
  const headers: Record<string, string> = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
  if (!batch) {
    for (const action of actions) {
      yield { wire: await client.ask("POST", `/v1/dispatch${query}`, action, headers), place: undefined };
    }
    return;
  }
  let answers = 0;
  for await (const wire of client.stream(`/v1/dispatch/batch${query}`, actions, headers)) {
    answers += 1;
    yield { wire, place: undefined };
  }
  if (answers < actions.length) {
    const missing = actions.length - answers;
    throw new CommandError("provider_unavailable", `the server ended without an answer to ${missing} actions`);
  }
}
