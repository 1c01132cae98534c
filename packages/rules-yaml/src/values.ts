import { parseDuration } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import type { Extent, Findings } from "@acteon/rules";

import type { YamlEntry, YamlList, YamlMap, YamlNode } from "./yaml-node.ts";

// What a key holds, checked. Each reader gives `undefined` after it has said what is wrong.

export function textOf(findings: Findings, { key, value }: YamlEntry): string | undefined {
  if (value.kind === "scalar" && typeof value.value === "string") return value.value;
  return wrongType(findings, key, value, "text");
}

export function flagOf(findings: Findings, { key, value }: YamlEntry): boolean | undefined {
  if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
  return wrongType(findings, key, value, "true or false");
}

export function integerOf(
  findings: Findings,
  { key, value }: YamlEntry,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const found = value.kind === "scalar" ? value.value : undefined;
  const isInteger = typeof found === "number" ? Number.isInteger(found) : typeof found === "object" && found !== null;
  if (!isInteger) return wrongType(findings, key, value, "a whole number");
  if (typeof found === "number" && found >= min && found <= max) return found;
  findings.error({
    code: "ACT-R007",
    at: value,
    summary: `out_of_range: \`${key}\` must be ${max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`}`,
  });
  return undefined;
}

/** A length of time such as `5m`, longer than nothing, in ms. */
export function durationMsOf(findings: Findings, { key, value }: YamlEntry): number | undefined {
  const found = value.kind === "scalar" ? value.value : undefined;
  if (typeof found === "number" && Number.isInteger(found)) {
    findings.error({
      code: "ACT-R019",
      at: value,
      summary: `\`${key}\` needs a unit`,
      label: "how long is this?",
      help: `for seconds write \`${found}s\``,
      fix: { at: value, text: `${found}s` },
    });
    return undefined;
  }
  if (typeof found !== "string") return wrongType(findings, key, value, "a length of time such as `5m`");
  const duration = parseDuration(found);
  if (duration.kind === "parsed" && duration.ms > 0) return duration.ms;
  const message = duration.kind === "parsed" ? "must be longer than nothing" : duration.message;
  findings.error({ code: "ACT-R019", at: value, summary: `\`${key}\` ${message}` });
  return undefined;
}

export function textsOf(findings: Findings, entry: YamlEntry): readonly string[] | undefined {
  const list = listOf(findings, entry);
  if (list === undefined) return undefined;
  const texts: string[] = [];
  for (const item of list.items) {
    if (item.kind === "scalar" && typeof item.value === "string") texts.push(item.value);
    else wrongType(findings, `an item of ${entry.key}`, item, "text");
  }
  return texts.length === list.items.length ? texts : undefined;
}

export function textMapOf(findings: Findings, entry: YamlEntry): Readonly<Record<string, string>> | undefined {
  const map = mapOf(findings, entry);
  if (map === undefined) return undefined;
  const texts: Record<string, string> = {};
  let isWhole = true;
  for (const member of map.entries) {
    const text = textOf(findings, member);
    if (text === undefined) isWhole = false;
    else texts[member.key] = text;
  }
  return isWhole ? texts : undefined;
}

export function listOf(findings: Findings, { key, value }: YamlEntry): YamlList | undefined {
  if (value.kind === "list") return value;
  const text = value.kind === "scalar" ? findings.text.slice(value.start, value.end) : "";
  return wrongType(findings, key, value, "a list", text === "" ? undefined : `write \`${key}: [${text}]\``);
}

export function mapOf(findings: Findings, { key, value }: YamlEntry): YamlMap | undefined {
  return value.kind === "map" ? value : wrongType(findings, key, value, "a mapping");
}

/** The JSON value that a node is. Keys that JSON objects must not have were refused when the file was read. */
export function jsonOf(node: YamlNode): JsonValue {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(jsonOf);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)]));
  }
}

/** Says that `key` holds something else than it must. */
export function wrongType(
  findings: Findings,
  key: string,
  found: YamlNode,
  expected: string,
  help?: string,
): undefined {
  findings.error({
    code: "ACT-R006",
    at: visible(found),
    summary: `\`${key}\` must be ${expected}`,
    label: `this is ${nameOfType(found)}`,
    ...(help !== undefined && { help }),
  });
  return undefined;
}

/** What a person calls the type of a node. */
export function nameOfType(node: YamlNode): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a mapping";
  switch (typeof node.value) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "number":
      return Number.isInteger(node.value) ? "a whole number" : "a number";
    default:
      return node.value === null ? "nothing" : "a whole number";
  }
}

/** A collection's extent can be pages long, an absent value's is empty: what a caret can stand under is its first character. */
function visible(node: YamlNode): Extent {
  return node.kind === "scalar" && node.end > node.start ? node : { start: node.start, end: node.start + 1 };
}
