import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { documentExpr, field, literal, node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import { placeOn } from "./document-tree.ts";
import type { Place } from "./document-tree.ts";
import { called, nothing } from "./functions.ts";
import { pathText } from "./path-text.ts";
import { reportError, reportWarning, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** What rules see of the action is `input.action`. */
export function inputAt(path: readonly string[], extent: Extent, scope: Scope): Expr {
  return replaceable(["input", ...path], inputField(path, extent, scope), extent, scope);
}

function inputField(path: readonly string[], extent: Extent, scope: Scope): Expr {
  const { input } = scope.lowering;
  const span = spanOf(scope, extent);
  if (input !== undefined) return node({ kind: "action", path: [...input, ...path], missing: "undefined", span });
  const action = node({ kind: "action", path: [], missing: "undefined", span });
  const [first, ...names] = path;
  if (first === undefined) return node({ kind: "map", entries: [[literal("action", span), action]], span });
  if (first !== "action") reportInput(first, extent, scope);
  const [head, ...below] = names;
  return head === undefined
    ? action
    : node({ kind: "action", path: [wireName(action, head), ...below], missing: "undefined", span });
}

function reportInput(name: string, at: Extent, scope: Scope): void {
  const isNear = scope.lowering.suggestions.near(name, ["action"]) !== undefined;
  reportError(scope, {
    code: "ACT-R020",
    at,
    summary: `\`input\` has no field \`${name}\``,
    label: "not there",
    ...(isNear
      ? { help: "did you mean `input.action`?" }
      : { help: "the action is `input.action`, and what was sent `input.action.payload`" }),
  });
}

/** `input.action.type` is `action_type`. */
export function wireName(of: Expr, name: string): string {
  return of.kind === "action" && of.path.length === 0 && name === "type" ? "action_type" : name;
}

/** The longest part of a path that is a document of rules, or all of it; a number in it stands as its digits. */
export function documentAt(
  path: readonly string[],
  extent: Extent,
  scope: Scope,
): { readonly expr: Expr; readonly length: number } {
  const span = spanOf(scope, extent);
  const { place, length } = placeOn(path, scope.lowering.program.documents);
  const { group } = place;
  if (group !== undefined) {
    if (group.kind === "function") reportFunction(group.name, extent, scope);
    const document = node({ kind: "document", name: group.name, span });
    return { expr: replaceable(place.path, document, extent, scope), length };
  }
  const value = length === path.length ? namespaceAt(place, extent, scope) : configuredAt(path, extent, scope);
  return { expr: replaceable(path, value, extent, scope), length: path.length };
}

function reportFunction(name: string, at: Extent, scope: Scope): void {
  reportError(scope, {
    code: "ACT-R013",
    at,
    summary: `\`${name}\` is a function`,
    label: "it has no value by itself",
    help: "call it, as in `f(x)`",
  });
}

/** The documents below a path as a map, which is a definition of its own; where data lies at the same place, with that. */
function namespaceAt({ path, below }: Place, extent: Extent, scope: Scope): Expr {
  const { program, extra, fresh } = scope.lowering;
  const span = spanOf(scope, extent);
  const name = pathText(path);
  if (!extra.has(name)) {
    const documents = [...below].filter(([, { group }]) => group?.kind !== "function");
    const branches = documents.map(([key, place]): readonly Query[] => {
      const value = fresh();
      return [
        node({ kind: "bind", name: value, value: documentAt(place.path, extent, scope).expr, span }),
        node({ kind: "emit", key: literal(key, span), value: node({ kind: "local", name: value, span }), span }),
      ];
    });
    const body: readonly Query[] = [node({ kind: "or", branches, span })];
    const own = node({ kind: "query", body, collect: "map", span });
    const data = configured(program.data, path.slice(1));
    const value = isJsonObject(data ?? null)
      ? called("object.union", [own, documentExpr(data!, span)], span, scope)
      : own;
    extra.set(name, node({ kind: "definition", params: undefined, value, span }));
  }
  return node({ kind: "document", name, span });
}

/** Configured data; where there is none it is undefined. */
function configuredAt(path: readonly string[], extent: Extent, scope: Scope): Expr {
  const span = spanOf(scope, extent);
  const found = configured(scope.lowering.program.data, path.slice(1));
  if (found !== undefined) return documentExpr(found, span);
  if (!scope.lowering.replaced.documents.touches(path)) reportMissing(path, extent, scope);
  return nothing(span);
}

function configured(data: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = data;
  for (const key of path) value = value === undefined ? undefined : entryOf(value, key);
  return value;
}

function entryOf(value: JsonValue, key: string): JsonValue | undefined {
  if (isJsonArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What is not there is undefined, and no mistake: data may be configured elsewhere. What has nearly its name is told. */
export function reportMissing(path: readonly string[], at: Extent, scope: Scope): void {
  const { program, suggestions } = scope.lowering;
  let place: Place | undefined = program.documents;
  let data: JsonValue | undefined = program.data;
  for (const [i, key] of path.entries()) {
    if (i === 0) continue;
    const placeBelow: Place | undefined = place?.below.get(key);
    const dataBelow: JsonValue | undefined = data === undefined ? undefined : entryOf(data, key);
    if (placeBelow === undefined && dataBelow === undefined) {
      // One letter makes another name of every short one.
      const near = key.length > 3 ? suggestions.near(key, namesAt(place, data)) : undefined;
      if (near !== undefined) reportNear(path, i, near, at, scope);
      return;
    }
    place = placeBelow;
    data = dataBelow;
  }
}

function* namesAt(place: Place | undefined, data: JsonValue | undefined): Iterable<string> {
  if (place !== undefined) yield* place.below.keys();
  if (isJsonObject(data ?? null)) yield* Object.keys(data as object);
}

function reportNear(path: readonly string[], i: number, near: string, at: Extent, scope: Scope): void {
  const meant = pathText([...path.slice(0, i), near, ...path.slice(i + 1)]);
  reportWarning(scope, {
    code: "ACT-R024",
    at,
    summary: `there is no \`${pathText(path.slice(0, i + 1))}\``,
    label: "always undefined",
    help: `did you mean \`${meant}\`?`,
  });
}

function replaceable(path: readonly string[], value: Expr, extent: Extent, scope: Scope): Expr {
  if (!scope.lowering.replaced.documents.touches(path)) return value;
  return node({ kind: "replaceable", path: [...path], value, span: spanOf(scope, extent) });
}

/** A key that a document has, whatever it is made of. */
export function fieldOf(of: Expr, name: string, extent: Extent, scope: Scope): Expr {
  return field(of, wireName(of, name), "undefined", spanOf(scope, extent));
}
