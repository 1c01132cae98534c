import type { ActionId, Fault, Namespace, TenantId } from "./ids.ts";
import type { Action, Attachment } from "./action.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Problem } from "./request-errors.ts";
import { idFault, nameFault, namespaceFault, tenantFault } from "./ids.ts";
import { parseInstant } from "./instant.ts";
import { pointerTo } from "./json-pointer.ts";
import { isJsonArray, isJsonObject, isRawJson } from "./raw-json.ts";
import { DataDamagedError } from "./service-errors.ts";

export type ParsedAction =
  | { readonly kind: "parsed"; readonly action: Action }
  | { readonly kind: "rejected"; readonly problems: readonly [Problem, ...Problem[]] };

/** An action in its wire form (`wire-api.md` §3), which `parseJson` gave. Every problem is told, not only the first. */
export function parseAction(value: JsonValue, { nowMs }: { readonly nowMs: number }): ParsedAction {
  return readAction(value, "required", nowMs);
}

/**
 * An action as `stringifyAction` wrote it into a record.
 * @throws {DataDamagedError} It is none.
 */
export function restoreAction(value: JsonValue): Action {
  const parsed = readAction(value, "optional", 0);
  if (parsed.kind === "rejected") throw new DataDamagedError("a stored action is damaged");
  return parsed.action;
}

function readAction(value: JsonValue, tenant: "required" | "optional", nowMs: number): ParsedAction {
  if (!isJsonObject(value)) {
    return {
      kind: "rejected",
      problems: [{ pointer: "", code: "invalid_type", message: `must be an object, found ${nameOf(value)}` }],
    };
  }
  const problems: Problem[] = [];
  const action: Action = {
    id: requiredText(value, "id", idFault, problems) as ActionId,
    namespace: requiredText(value, "namespace", namespaceFault, problems) as Namespace,
    tenant: (tenant === "required"
      ? requiredText(value, "tenant", tenantFault, problems)
      : optionalText(value, "tenant", tenantFault, problems)) as TenantId | undefined,
    provider: requiredText(value, "provider", nameFault, problems),
    actionType: requiredText(value, "action_type", nameFault, problems),
    payload: payloadOf(value, problems),
    createdAt: optionalText(value, "created_at", instantFault, problems) ?? new Date(nowMs).toISOString(),
    metadata: metadataOf(value, problems),
    dedupKey: optionalText(value, "dedup_key", idFault, problems),
    discriminator: optionalText(value, "discriminator", nameFault, problems),
    status: optionalText(value, "status", nameFault, problems),
    fingerprint: optionalText(value, "fingerprint", nameFault, problems),
    startsAt: optionalText(value, "starts_at", instantFault, problems),
    endsAt: optionalText(value, "ends_at", instantFault, problems),
    traceContext: textMap(value["trace_context"], "/trace_context", problems),
    template: optionalText(value, "template", nameFault, problems),
    attachments: attachmentsOf(value["attachments"], problems),
    signature: optionalText(value, "signature", undefined, problems),
    signerId: optionalText(value, "signer_id", nameFault, problems),
    kid: optionalText(value, "kid", nameFault, problems),
  };
  const [first, ...rest] = problems;
  return first === undefined ? { kind: "parsed", action } : { kind: "rejected", problems: [first, ...rest] };
}

type FaultOf = ((text: string) => Fault | undefined) | undefined;

function requiredText(object: JsonObject, name: string, faultOf: FaultOf, problems: Problem[], parent = ""): string {
  const value = object[name];
  if (typeof value === "string") {
    const fault = faultOf?.(value);
    if (fault !== undefined) problems.push({ pointer: pointerTo(parent, name), ...fault });
    return value;
  }
  problems.push(
    value === undefined
      ? { pointer: pointerTo(parent, name), code: "missing_field", message: "is required" }
      : { pointer: pointerTo(parent, name), code: "invalid_type", message: `must be text, found ${nameOf(value)}` },
  );
  return "";
}

function optionalText(object: JsonObject, name: string, faultOf: FaultOf, problems: Problem[]): string | undefined {
  const value = object[name];
  return value === undefined || value === null ? undefined : requiredText(object, name, faultOf, problems);
}

function instantFault(text: string): Fault | undefined {
  return parseInstant(text) === undefined
    ? { code: "invalid_instant", message: "must be an RFC 3339 instant with an offset, such as 2026-03-01T09:30:00Z" }
    : undefined;
}

function payloadOf(object: JsonObject, problems: Problem[]): JsonValue {
  const payload = object["payload"];
  if (payload !== undefined) return payload;
  problems.push({ pointer: "/payload", code: "missing_field", message: "is required; it may be null" });
  return null;
}

/** Flat, or wrapped in `labels` as four of the five SDKs send it; inside it is always flat (`wire-api.md` §3). */
function metadataOf(object: JsonObject, problems: Problem[]): Readonly<Record<string, string>> {
  const metadata = object["metadata"];
  if (!isJsonObject(metadata) || !isJsonObject(metadata["labels"])) return textMap(metadata, "/metadata", problems);
  const labels = textMap(metadata["labels"], "/metadata/labels", problems);
  const others = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return others.length === 0 ? labels : { ...Object.fromEntries(others), ...labels };
}

function textMap(value: JsonValue | undefined, pointer: string, problems: Problem[]): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return noEntries;
  if (!isJsonObject(value)) {
    problems.push({ pointer, code: "invalid_type", message: `must be an object of texts, found ${nameOf(value)}` });
    return noEntries;
  }
  for (const key in value) {
    if (typeof value[key] !== "string") {
      problems.push({
        pointer: pointerTo(pointer, key),
        code: "invalid_type",
        message: `must be text, found ${nameOf(value[key] as JsonValue)}`,
      });
    }
  }
  return value as Readonly<Record<string, string>>;
}

function attachmentsOf(value: JsonValue | undefined, problems: Problem[]): readonly Attachment[] {
  if (value === undefined || value === null) return noAttachments;
  if (!isJsonArray(value)) {
    problems.push({
      pointer: "/attachments",
      code: "invalid_type",
      message: `must be an array, found ${nameOf(value)}`,
    });
    return noAttachments;
  }
  return value.map((item, index) => attachmentOf(item, pointerTo("/attachments", index), problems));
}

function attachmentOf(value: JsonValue, pointer: string, problems: Problem[]): Attachment {
  const object = isJsonObject(value) ? value : noEntries;
  if (object !== value)
    problems.push({ pointer, code: "invalid_type", message: `must be an object, found ${nameOf(value)}` });
  return {
    id: requiredText(object, "id", undefined, problems, pointer),
    name: requiredText(object, "name", undefined, problems, pointer),
    filename: requiredText(object, "filename", undefined, problems, pointer),
    contentType: requiredText(object, "content_type", undefined, problems, pointer),
    dataBase64: requiredText(object, "data_base64", undefined, problems, pointer),
  };
}

const noEntries: Readonly<Record<string, string>> = Object.freeze({});
const noAttachments: readonly Attachment[] = Object.freeze([]);

/** A value's type as a person would say it. */
function nameOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isRawJson(value) || typeof value === "number") return "a number";
  return typeof value === "object" ? "an object" : typeof value === "string" ? "text" : "true or false";
}
