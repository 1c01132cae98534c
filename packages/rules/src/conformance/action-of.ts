import { parseAction } from "@acteon/core";
import type { Action, JsonObject, JsonValue } from "@acteon/core";

/** An action of which only `fields` matter, in the wire's names. */
export function actionOf(fields: JsonObject = {}): Action {
  const wire: JsonValue = {
    id: "a-1",
    namespace: "ops",
    tenant: "acme",
    provider: "slack",
    action_type: "message",
    payload: {},
    created_at: "2026-03-01T00:00:00Z",
    ...fields,
  };
  const parsed = parseAction(wire, { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.problems));
  return parsed.action;
}
