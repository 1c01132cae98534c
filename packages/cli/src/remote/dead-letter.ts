import type { JsonObject, JsonValue } from "@acteon/core";
import { isJsonArray, isJsonObject } from "@acteon/core";
import { CommandError } from "../command-error.ts";

/** A dead letter as the server shows it (`wire-api.md` §22). */
export type WireDeadLetter = JsonObject & { readonly id: string };

export function deadLetterOf(wire: JsonValue): WireDeadLetter {
  if (isJsonObject(wire) && typeof wire["id"] === "string") return { ...wire, id: wire["id"] };
  throw new CommandError("internal", "the server answered something that is no dead letter");
}

export function deadLettersOf(wire: JsonValue): readonly WireDeadLetter[] {
  const letters = isJsonObject(wire) ? wire["letters"] : undefined;
  if (letters !== undefined && isJsonArray(letters)) return letters.map(deadLetterOf);
  throw new CommandError("internal", "the server answered something that is no list of dead letters");
}

/** What a line or a page says of one; "" where the server says nothing. */
export function letterField(letter: JsonObject, ...path: readonly string[]): string {
  let value: JsonValue | undefined = letter;
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function letterPath(id: string): string {
  return `/v1/dlq/letters/${encodeURIComponent(id)}`;
}
