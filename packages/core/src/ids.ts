import type { Brand } from "./brand.ts";
import type { ErrorCode } from "./error.ts";

export type Namespace = Brand<string, "Namespace">;
export type TenantId = Brand<string, "TenantId">;
export type ActionId = Brand<string, "ActionId">;

/** What is wrong with a text, without where it stood. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}

export type ParsedId<Id extends string> =
  | { readonly kind: "parsed"; readonly value: Id }
  | { readonly kind: "rejected"; readonly fault: Fault };

/** Longest namespace or tenant, in bytes of UTF-8 (guarantees K2). */
export const maxScopeBytes = 128;
/** Longest id, dedup key, discriminator or name, in bytes of UTF-8 (guarantees K2). */
export const maxIdBytes = 256;

export function parseNamespace(value: unknown): ParsedId<Namespace> {
  return parsedId<Namespace>(value, "invalid_namespace", namespaceFault);
}

export function parseTenant(value: unknown): ParsedId<TenantId> {
  return parsedId<TenantId>(value, "invalid_tenant", tenantFault);
}

export function parseActionId(value: unknown): ParsedId<ActionId> {
  return parsedId<ActionId>(value, "invalid_id", idFault);
}

function parsedId<Id extends string>(
  value: unknown,
  code: ErrorCode,
  faultOf: (text: string) => Fault | undefined,
): ParsedId<Id> {
  if (typeof value !== "string") return { kind: "rejected", fault: { code, message: "must be text" } };
  const fault = faultOf(value);
  return fault === undefined ? { kind: "parsed", value: value as Id } : { kind: "rejected", fault };
}

/** Guarantees K2 for a namespace: 1 … 128 bytes, levels parted by dots, nothing that means something in a key or a path. */
export function namespaceFault(text: string): Fault | undefined {
  return isPlainScope(text) ? undefined : scopeFault(text, "invalid_namespace");
}

/** Guarantees K2 for a tenant. */
export function tenantFault(text: string): Fault | undefined {
  return isPlainScope(text) ? undefined : scopeFault(text, "invalid_tenant");
}

/** Guarantees K2 for an id or a dedup key: 1 … 256 bytes, well-formed, no control character. */
export function idFault(text: string): Fault | undefined {
  return text === "" ? { code: "invalid_id", message: "must not be empty" } : nameFault(text);
}

/** The same for a name or a discriminator, which may be empty (guarantees §8 row 17). */
export function nameFault(text: string): Fault | undefined {
  if (!notPlain.test(text) && text.length <= maxIdBytes) return undefined;
  return textFault(text, "invalid_id") ?? lengthFault(text, maxIdBytes, "id_too_long");
}

/** What nearly every text is, told at a glance by looking for one character: nothing in it needs a second look. */
function isPlainScope(text: string): boolean {
  return text !== "" && !notPlainScope.test(text) && text.length <= maxScopeBytes;
}

const notPlainScope = /[^\w-]/;
const notPlain = /[^ -~]/;

function scopeFault(text: string, code: ErrorCode): Fault | undefined {
  const fault = textFault(text, code);
  if (fault !== undefined) return fault;
  const found = reserved.exec(text);
  if (found !== null) return { code, message: `must not contain ${shown(found[0])}` };
  if (text === "") return { code, message: "must not be empty" };
  if (text.split(".").includes("")) return { code, message: "must not have an empty level beside a dot" };
  return lengthFault(text, maxScopeBytes, code);
}

const reserved = /[\s:/\\*?#%{}[\]]/;

/** Guarantees K2 for any text: it can be written in UTF-8 and read back. */
export function wellFormedFault(text: string): Fault | undefined {
  return text.isWellFormed() ? undefined : illFormed;
}

export const illFormed: Fault = {
  code: "ill_formed_text",
  message: "must be well-formed Unicode: it has a lone surrogate",
};

function textFault(text: string, code: ErrorCode): Fault | undefined {
  if (!text.isWellFormed()) return illFormed;
  const found = controlCharacter.exec(text);
  return found === null ? undefined : { code, message: `must not contain the control character ${shown(found[0])}` };
}

const controlCharacter = /\p{Cc}/u;

function lengthFault(text: string, maxBytes: number, code: ErrorCode): Fault | undefined {
  return Buffer.byteLength(text) > maxBytes
    ? { code, message: `must not be longer than ${maxBytes} bytes` }
    : undefined;
}

/** A character so that it can be read, and does nothing to a terminal. */
function shown(character: string): string {
  const unit = character.charCodeAt(0);
  return unit > 0x20 && unit < 0x7f ? `"${character}"` : `U+${unit.toString(16).toUpperCase().padStart(4, "0")}`;
}
