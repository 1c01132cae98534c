import type { JsonObject, JsonValue } from "@acteon/core";
import { readConfig } from "../src/config/read-config.ts";

/** An action as the SDKs send it. */
export function wireAction(changes: Readonly<Record<string, JsonValue | undefined>> = {}): JsonObject {
  return {
    id: "a-1",
    namespace: "alerts",
    tenant: "acme",
    provider: "console",
    action_type: "page",
    payload: { service: "api" },
    created_at: "2026-03-01T09:30:00.000Z",
    ...changes,
  } as JsonObject; // `undefined` takes a field away: JSON leaves it out
}

export function wireText(changes: Readonly<Record<string, JsonValue | undefined>> = {}): string {
  return JSON.stringify(wireAction(changes));
}

export const defaults = readConfig({ file: "", text: "", environment: {} }).config;
