import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";
import type { Annotation } from "../syntax/ast.ts";
import { isBelow } from "./path-text.ts";
import { nameOf } from "./program.ts";
import type { Scope } from "./scope.ts";

/** `rego.metadata.rule()`: what the rule says of itself. */
export function ruleMetadata({ rule }: Scope): JsonObject {
  const [own] = rule?.annotations ?? [];
  return own === undefined ? {} : shown(own);
}

/** `rego.metadata.chain()`: what is said of the rule, its document and the packages around it, the nearest first. */
export function metadataChain({ rule, unit, lowering }: Scope): JsonValue {
  const packagePath = unit.module.package;
  const path = rule === undefined ? packagePath : [...packagePath, nameOf(rule.head)];
  const own = (rule?.annotations ?? []).map((annotation) => ({ annotations: shown(annotation), path }));
  const around = lowering.program.units
    .flatMap(({ module }) => module.annotations.map((annotation) => ({ annotation, at: module.package })))
    .filter(({ annotation: { scope }, at }) =>
      scope === "subpackages" ? isBelow(packagePath, at) : isBelow(at, packagePath) && at.length === packagePath.length,
    )
    .toSorted((a, b) => nearness(b.annotation) - nearness(a.annotation) || b.at.length - a.at.length)
    .map(({ annotation, at }) => ({ annotations: shown(annotation), path: at }));
  return [...(own.length === 0 ? [{ path }] : own), ...around];
}

function nearness({ scope }: Annotation): number {
  return ["subpackages", "package", "document", "rule"].indexOf(scope);
}

/** People and links may be written as texts. */
function shown({ scope, fields }: Annotation): JsonObject {
  const { authors, related_resources: resources, ...rest } = fields;
  return {
    ...rest,
    ...(authors !== undefined && { authors: listed(authors, authorOf) }),
    ...(resources !== undefined && { related_resources: listed(resources, (ref) => ({ ref })) }),
    scope,
  };
}

function listed(value: JsonValue, read: (text: string) => JsonObject): JsonValue {
  if (!isJsonArray(value)) return value;
  return value.map((item) => (typeof item === "string" ? read(item) : isJsonObject(item) ? item : null));
}

/** `Ann Other <ann@example.org>`. */
function authorOf(text: string): JsonObject {
  const [, name = "", email] = /^([^<]*)(?:<([^>]*)>)?$/.exec(text) ?? [];
  return { ...(name.trim() !== "" && { name: name.trim() }), ...(email !== undefined && { email }) };
}
