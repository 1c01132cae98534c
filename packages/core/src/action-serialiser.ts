import type { Action, Attachment } from "./action.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/** The wire form (`wire-api.md` §3): what webhooks send, rules see, signatures cover and records keep. */
export function serialiseAction(action: Action): JsonObject {
  const wire: Record<string, JsonValue> = {
    id: action.id,
    namespace: action.namespace,
    tenant: action.tenant ?? null,
    provider: action.provider,
    action_type: action.actionType,
    payload: action.payload,
    created_at: action.createdAt,
    metadata: action.metadata,
    dedup_key: action.dedupKey ?? null,
    status: action.status ?? null,
    fingerprint: action.fingerprint ?? null,
    starts_at: action.startsAt ?? null,
    ends_at: action.endsAt ?? null,
    trace_context: action.traceContext,
    template: action.template ?? null,
  };
  if (action.discriminator !== undefined) wire["discriminator"] = action.discriminator;
  if (action.attachments.length > 0) wire["attachments"] = action.attachments.map(serialiseAttachment);
  if (action.signature !== undefined) wire["signature"] = action.signature;
  if (action.signerId !== undefined) wire["signer_id"] = action.signerId;
  if (action.kid !== undefined) wire["kid"] = action.kid;
  return wire;
}

function serialiseAttachment({ id, name, filename, contentType, dataBase64 }: Attachment): JsonObject {
  return { id, name, filename, content_type: contentType, data_base64: dataBase64 };
}

/** `serialiseAction` as compact JSON. */
export function stringifyAction(action: Action): string {
  return JSON.stringify(serialiseAction(action));
}
