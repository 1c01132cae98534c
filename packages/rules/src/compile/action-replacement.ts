import { isJsonObject } from "@acteon/core";
import type { Action, JsonValue } from "@acteon/core";

/**
 * The action with the value at `path` (wire names, as in `ActionPath`) replaced; maps that are missing below the payload
 * are made. `undefined` where an action cannot have such a value there.
 */
export function replaceInAction(action: Action, path: readonly string[], value: JsonValue): Action | undefined {
  const [head, ...keys] = path;
  if (head === "payload") return { ...action, payload: replaced(action.payload, keys, value) };
  if (typeof value !== "string") return undefined;
  const [key, ...deeper] = keys;
  if (head === "metadata" || head === "trace_context") {
    if (key === undefined || deeper.length > 0) return undefined;
    return head === "metadata"
      ? { ...action, metadata: { ...action.metadata, [key]: value } }
      : { ...action, traceContext: { ...action.traceContext, [key]: value } };
  }
  const property = head === undefined || key !== undefined ? undefined : textProperties.get(head);
  return property === undefined ? undefined : { ...action, [property]: value };
}

const textProperties: ReadonlyMap<string, keyof Action> = new Map([
  ["id", "id"],
  ["namespace", "namespace"],
  ["tenant", "tenant"],
  ["provider", "provider"],
  ["action_type", "actionType"],
  ["created_at", "createdAt"],
  ["dedup_key", "dedupKey"],
  ["status", "status"],
  ["fingerprint", "fingerprint"],
  ["starts_at", "startsAt"],
  ["ends_at", "endsAt"],
  ["template", "template"],
  ["discriminator", "discriminator"],
]);

function replaced(json: JsonValue, keys: readonly string[], value: JsonValue): JsonValue {
  const [key, ...deeper] = keys;
  if (key === undefined) return value;
  const map = isJsonObject(json) ? json : {};
  const below = Object.hasOwn(map, key) ? map[key]! : {};
  // Own properties only, also for a name such as `__proto__`.
  return Object.fromEntries([...Object.entries(map), [key, replaced(below, deeper, value)]]);
}
