import type { Action } from "./action.ts";
import { missing, optionalAttachments, optionalText, optionalTexts, requiredText, wrongType } from "./field-checks.ts";
import type { AttachmentNames } from "./field-checks.ts";
import type { ActionId, Fault, Namespace, TenantId } from "./ids.ts";
import { idFault, nameFault, namespaceFault, tenantFault } from "./ids.ts";
import { formatInstant, isInstant } from "./instant.ts";
import type { JsonValue } from "./json.ts";
import { isJsonObject } from "./raw-json.ts";
import { hasProblems } from "./request-errors.ts";
import type { Problem, Problems } from "./request-errors.ts";
import { DataDamagedError } from "./service-errors.ts";

export type ParsedAction =
  | { readonly kind: "parsed"; readonly action: Action }
  | { readonly kind: "rejected"; readonly problems: Problems };

/** An action in its wire form (`wire-api.md` §3), as `parseJson` gave it. Every problem is told, not only the first. */
export function parseAction(value: JsonValue, { nowMs }: { readonly nowMs: number }): ParsedAction {
  return readAction(value, requiredText, nowMs);
}

/**
 * An action as `stringifyAction` wrote it into a record, which `parseJsonText` gave.
 * @throws {DataDamagedError} It is none.
 */
export function restoreAction(value: JsonValue): Action {
  const parsed = readAction(value, optionalText, 0);
  if (parsed.kind === "rejected") throw new DataDamagedError("a stored action is damaged");
  return parsed.action;
}

/** @param readTenant Only the library has actions without a tenant, and its records. */
function readAction(value: JsonValue, readTenant: typeof optionalText, nowMs: number): ParsedAction {
  if (!isJsonObject(value)) return { kind: "rejected", problems: [wrongType("", "an object", value)] };
  const problems: Problem[] = [];
  const action: Action = {
    id: requiredText(value["id"], "/id", idFault, problems) as ActionId,
    namespace: requiredText(value["namespace"], "/namespace", namespaceFault, problems) as Namespace,
    tenant: readTenant(value["tenant"], "/tenant", tenantFault, problems) as TenantId | undefined,
    provider: requiredText(value["provider"], "/provider", nameFault, problems),
    actionType: requiredText(value["action_type"], "/action_type", nameFault, problems),
    payload: requiredValue(value["payload"], "/payload", problems),
    createdAt: optionalText(value["created_at"], "/created_at", instantFault, problems) ?? formatInstant(nowMs),
    metadata: readMetadata(value["metadata"], problems),
    dedupKey: optionalText(value["dedup_key"], "/dedup_key", idFault, problems),
    discriminator: optionalText(value["discriminator"], "/discriminator", nameFault, problems),
    status: optionalText(value["status"], "/status", nameFault, problems),
    fingerprint: optionalText(value["fingerprint"], "/fingerprint", nameFault, problems),
    startsAt: optionalText(value["starts_at"], "/starts_at", instantFault, problems),
    endsAt: optionalText(value["ends_at"], "/ends_at", instantFault, problems),
    traceContext: optionalTexts(value["trace_context"], "/trace_context", undefined, problems),
    template: optionalText(value["template"], "/template", nameFault, problems),
    attachments: optionalAttachments(value["attachments"], wireAttachmentNames, undefined, problems),
    signature: optionalText(value["signature"], "/signature", undefined, problems),
    signerId: optionalText(value["signer_id"], "/signer_id", nameFault, problems),
    kid: optionalText(value["kid"], "/kid", nameFault, problems),
  };
  return hasProblems(problems) ? { kind: "rejected", problems } : { kind: "parsed", action };
}

function requiredValue(value: JsonValue | undefined, pointer: string, problems: Problem[]): JsonValue {
  if (value !== undefined) return value;
  problems.push(missing(pointer));
  return null;
}

const wireAttachmentNames: AttachmentNames = { contentType: "content_type", dataBase64: "data_base64" };

/** Flat, or wrapped in `labels` as four of the five SDKs send it; inside it is always flat (`wire-api.md` §3). */
function readMetadata(value: JsonValue | undefined, problems: Problem[]): Readonly<Record<string, string>> {
  if (!isJsonObject(value) || !isJsonObject(value["labels"])) {
    return optionalTexts(value, "/metadata", undefined, problems);
  }
  const labels = optionalTexts(value["labels"], "/metadata/labels", undefined, problems);
  const others = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return others.length === 0 ? labels : { ...Object.fromEntries(others), ...labels };
}

export function instantFault(text: string): Fault | undefined {
  return isInstant(text)
    ? undefined
    : {
        code: "invalid_instant",
        message: "must be an instant by RFC 3339 with an offset, such as 2026-03-01T09:30:00Z",
      };
}
