import type { JsonValue } from "@acteon/core";
import { isJsonObject, NotFoundError, ValidationError } from "@acteon/core";
import { readJson, readOptionalJson } from "../http/body.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Services } from "./services.ts";

/** `GET /v1/rules` (`wire-api.md` §6.1), with the place of each rule, ours. */
export function listRules(exchange: Exchange, { rules }: Services): void {
  const wire = rules.list().map(({ name, priority, enabled, description = null, file, line, language, verdict }) => ({
    name,
    priority,
    enabled,
    description,
    file,
    line,
    language,
    verdict,
  }));
  exchange.sendJson(JSON.stringify(wire));
}

/** `POST /v1/rules/reload` (`wire-api.md` §6.2): with or without a body, and the union of both answers. */
export function reloadRules(exchange: Exchange, { rules }: Services): void {
  readOptionalJson(exchange, (value) => {
    rules
      .reload(directoryOf(value))
      .then((reloaded) => exchange.sendJson(reloadedText(reloaded)))
      .catch((error: unknown) => exchange.fail(error));
  });
}

function reloadedText({ rules, directory }: { readonly rules: number; readonly directory: string }): string {
  return JSON.stringify({ reloaded: rules, directory, loaded: rules, errors: [] });
}

/** `PUT /v1/rules/{name}/enabled` (`wire-api.md` §6.3). */
export function enableRule(exchange: Exchange, { rules }: Services): void {
  const [name = ""] = exchange.params;
  readJson(exchange, (value) => {
    const enabled = enabledOf(value);
    if (!rules.setEnabled(name, enabled)) throw new NotFoundError(`rule not found: ${name}`);
    exchange.sendJson(JSON.stringify({ name, enabled, status: enabled ? "enabled" : "disabled" }));
  });
}

function directoryOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const directory = isJsonObject(value) ? (value["directory"] ?? undefined) : value;
  if (directory === undefined || typeof directory === "string") return directory;
  throw new ValidationError([{ pointer: "/directory", code: "invalid_type", message: "must be text" }]);
}

function enabledOf(value: JsonValue): boolean {
  const enabled = isJsonObject(value) ? value["enabled"] : undefined;
  if (typeof enabled === "boolean") return enabled;
  throw new ValidationError([
    enabled === undefined
      ? { pointer: "/enabled", code: "missing_field", message: "is required" }
      : { pointer: "/enabled", code: "invalid_type", message: "must be true or false" },
  ]);
}
