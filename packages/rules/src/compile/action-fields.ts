import { serialiseAction } from "@acteon/core";
import type { Action, JsonValue } from "@acteon/core";

/** A field of the serialised action (`wire-api.md` §3), read without serialising it. */
export interface ActionField {
  /** `undefined` where the action has none. */
  readonly read: (action: Action) => JsonValue | undefined;
  /** In the serialised form a field that the action does not have is null, or is left out. */
  readonly whenAbsent: "null" | "leftOut";
  readonly type: "text" | "payload" | "map" | "list";
}

const fields: ReadonlyMap<string, ActionField> = new Map([
  ["id", text((action) => action.id)],
  ["namespace", text((action) => action.namespace)],
  ["tenant", text((action) => action.tenant)],
  ["provider", text((action) => action.provider)],
  ["action_type", text((action) => action.actionType)],
  ["payload", { read: (action) => action.payload, whenAbsent: "null", type: "payload" }],
  ["created_at", text((action) => action.createdAt)],
  ["metadata", { read: (action) => action.metadata, whenAbsent: "null", type: "map" }],
  ["trace_context", { read: (action) => action.traceContext, whenAbsent: "null", type: "map" }],
  ["dedup_key", text((action) => action.dedupKey)],
  ["status", text((action) => action.status)],
  ["fingerprint", text((action) => action.fingerprint)],
  ["starts_at", text((action) => action.startsAt)],
  ["ends_at", text((action) => action.endsAt)],
  ["template", text((action) => action.template)],
  ["discriminator", text((action) => action.discriminator, "leftOut")],
  ["attachments", { read: (action) => serialiseAction(action)["attachments"], whenAbsent: "leftOut", type: "list" }],
  ["signature", text((action) => action.signature, "leftOut")],
  ["signer_id", text((action) => action.signerId, "leftOut")],
  ["kid", text((action) => action.kid, "leftOut")],
]);

function text(
  read: (action: Action) => string | undefined,
  whenAbsent: ActionField["whenAbsent"] = "null",
): ActionField {
  return { read, whenAbsent, type: "text" };
}

export function actionField(name: string): ActionField | undefined {
  return fields.get(name);
}

export function actionFieldNames(): readonly string[] {
  return [...fields.keys()];
}
