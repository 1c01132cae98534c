import type { Attachment } from "./action.ts";
import type { Fault } from "./ids.ts";
import { pointerTo } from "./json-pointer.ts";
import { isRawJson } from "./raw-json.ts";
import type { Problem } from "./request-errors.ts";

/** What is wrong with a text besides its type; `undefined`: any text will do. */
export type TextCheck = ((text: string) => Fault | undefined) | undefined;

/** The text; a problem when it is faulty, and the empty text when there is none. */
export function requiredText(value: unknown, pointer: string, check: TextCheck, problems: Problem[]): string {
  if (typeof value !== "string") {
    problems.push(value === undefined ? missing(pointer) : wrongType(pointer, "text", value));
    return "";
  }
  const fault = check?.(value);
  if (fault !== undefined) problems.push({ pointer, code: fault.code, message: fault.message });
  return value;
}

/** The same, but absent and null are no problem. */
export function optionalText(
  value: unknown,
  pointer: string,
  check: TextCheck,
  problems: Problem[],
): string | undefined {
  return value === undefined || value === null ? undefined : requiredText(value, pointer, check, problems);
}

/** An object whose members are all texts, as it came; the empty one when absent or null. */
export function optionalTexts(
  value: unknown,
  pointer: string,
  check: TextCheck,
  problems: Problem[],
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return noTexts;
  if (!isRecord(value)) {
    problems.push(wrongType(pointer, "an object", value));
    return noTexts;
  }
  for (const key in value) {
    const text = value[key];
    const fault = check?.(key);
    if (fault !== undefined) problems.push({ pointer: pointerTo(pointer, key), ...fault });
    // A pointer is made for a problem only, so a text that is in order is looked at here.
    if (typeof text !== "string" || check?.(text) !== undefined) {
      requiredText(text, pointerTo(pointer, key), check, problems);
    }
  }
  return value as Readonly<Record<string, string>>;
}

/** How the two spellings of an attachment differ. */
export interface AttachmentNames {
  readonly contentType: string;
  readonly dataBase64: string;
}

/** A list of attachments, the empty one when absent or null. What is in them is looked at by who sends them. */
export function optionalAttachments(
  value: unknown,
  names: AttachmentNames,
  check: TextCheck,
  problems: Problem[],
): readonly Attachment[] {
  if (value === undefined || value === null) return noAttachments;
  if (!Array.isArray(value)) {
    problems.push(wrongType("/attachments", "an array", value));
    return noAttachments;
  }
  return value.map((item: unknown, index) => {
    const pointer = pointerTo("/attachments", index);
    if (!isRecord(item)) {
      problems.push(wrongType(pointer, "an object", item));
      return noAttachment;
    }
    const text = (name: string): string => requiredText(item[name], pointerTo(pointer, name), check, problems);
    return {
      id: text("id"),
      name: text("name"),
      filename: text("filename"),
      contentType: text(names.contentType),
      dataBase64: text(names.dataBase64),
    };
  });
}

/** Shared by all actions that have none. */
const noTexts: Readonly<Record<string, string>> = Object.freeze({});
const noAttachments: readonly Attachment[] = Object.freeze([]);
/** Stands for one that is refused. */
const noAttachment: Attachment = { id: "", name: "", filename: "", contentType: "", dataBase64: "" };

export function missing(pointer: string): Problem {
  return { pointer, code: "missing_field", message: "is required" };
}

export function wrongType(pointer: string, expected: string, found: unknown): Problem {
  return { pointer, code: "invalid_type", message: `must be ${expected}, found ${nameOfType(found)}` };
}

/** An object that is a record of members: no array, no integer kept as text, no instance of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isRawJson(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value's type as a person would say it. */
function nameOfType(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "number":
      return "a number";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "an array";
      return isRawJson(value) ? "a number" : "an object";
    default:
      return typeof value;
  }
}
