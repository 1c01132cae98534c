import { isJsonObject } from "@acteon/core";
import type { WireExplanation } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import { usageError } from "../command-error.ts";
import { worldOf } from "../commands/explain.ts";
import type { ExplainRequest } from "../commands/explain.ts";
import { ServerClient } from "./server-client.ts";

/** By the rules in force on a server, and what it has seen of its providers. */
export async function explain(request: ExplainRequest, context: CommandContext): Promise<WireExplanation> {
  const { action, atMs, state, evaluateAll } = request;
  if (!isJsonObject(action)) throw usageError("an action is a JSON object");
  const answer = await new ServerClient(context).ask(
    "POST",
    "/v1/rules/evaluate",
    JSON.stringify({
      ...action,
      ...(atMs === undefined ? {} : { evaluate_at: new Date(atMs).toISOString() }),
      ...(state.size === 0 ? {} : { mock_state: Object.fromEntries(state) }),
      evaluate_all: evaluateAll,
      include_disabled: true,
    }),
  );
  context.output.note(`decided by the rules in force there, ${worldOf(request)}`);
  // Whatever answers here speaks the contract: what it lacks of ours is optional in the type.
  return answer as unknown as WireExplanation;
}
