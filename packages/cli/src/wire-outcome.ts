import type { JsonObject, JsonValue } from "@acteon/core";
import { formatDuration, isJsonObject } from "@acteon/core";
import type { Paint } from "./paint.ts";
import { visible } from "./paint.ts";

/** One answer to a dispatch: an outcome of `wire-api.md` §4, or the error element of §4.2. */
export interface WireAnswer {
  /** The category tag: `executed`, `dry_run`; `refused` for an error. */
  readonly category: string;
  readonly details: JsonObject;
}

export function readWireAnswer(wire: JsonValue): WireAnswer {
  if (typeof wire === "string") return { category: categoryOf(wire), details: {} };
  const [tag = "", details = null] = isJsonObject(wire) ? (Object.entries(wire)[0] ?? []) : [];
  return {
    category: tag === "error" ? "refused" : categoryOf(tag),
    details: isJsonObject(details) ? details : {},
  };
}

function categoryOf(tag: string): string {
  return tag.replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
}

/** `executed`, `Executed`, `dry-run`: as people write a category. */
export function normalCategory(text: string): string {
  return categoryOf(text).replaceAll("-", "_");
}

/** One line for a person. @param place Where the rule behind it is written, with its name. */
export function answerText({ category, details }: WireAnswer, place: string | undefined, paint: Paint): string {
  const said = Object.entries(details)
    .filter(([key, value]) => value !== false && (key !== "rule" || place === undefined))
    .flatMap(([key, value]) => detailText(key, value));
  const by = place === undefined ? [] : [paint("dim", visible(place))];
  return [paint(styleOf(category), category), ...said, ...by].join("  ");
}

export function styleOf(category: string): "good" | "bad" | "warn" | "name" {
  if (category === "executed" || category === "rerouted") return "good";
  if (category === "failed" || category === "refused") return "bad";
  return category === "throttled" || category === "circuit_open" ? "warn" : "name";
}

function detailText(key: string, value: JsonValue): readonly string[] {
  // The message of a refusal says them already.
  if (key === "pointer" || key === "problems") return [];
  if (value === null || (isJsonObject(value) && Object.keys(value).length === 0)) return [];
  if (key === "retry_after" && isJsonObject(value)) {
    const ms = Number(value["secs"]) * 1_000 + Math.round(Number(value["nanos"]) / 1e6);
    return [`retry after ${formatDuration(ms)}`];
  }
  if (key === "response" && isJsonObject(value)) {
    return Object.entries(value).flatMap(([part, inner]) => detailText(part, inner));
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return [visible(key === "body" || key === "message" || key === "status" ? text : `${key}=${text}`)];
}
