import { isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { documentExpr, field, literal, node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import { placeOn } from "./document-tree.ts";
import type { Place } from "./document-tree.ts";
import { called, nothing } from "./functions.ts";
import { entryOf, nearlyThere, noInput } from "./near-names.ts";
import { isBelow, pathText } from "./path-text.ts";
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
  if (first !== "action") reportError(scope, noInput(first, extent, scope.lowering));
  const [head, ...below] = names;
  return head === undefined
    ? action
    : node({ kind: "action", path: [wireName(action, head), ...below], missing: "undefined", span });
}

/** `input.action.type` is `action_type`. */
export function wireName(of: Expr, name: string): string {
  return of.kind === "action" && of.path.length === 0 && name === "type" ? "action_type" : name;
}

/** The names behind a path, as far as they are known. */
export type Following = readonly (string | undefined)[];

/** The longest part of a path that is a document of rules, or all of it; a number in it stands as its digits. */
export function documentAt(
  path: readonly string[],
  following: Following,
  extent: Extent,
  scope: Scope,
): { readonly expr: Expr; readonly length: number } {
  const { place, length } = placeOn(path, scope.lowering.program.documents);
  if (place.group !== undefined || length === path.length) {
    // A map that this file is part of holds no more than what is asked for: else its rules would ask for themselves.
    const isAround = isBelow(["data", ...scope.unit.module.package], place.path);
    return { expr: placeValue(place, isAround ? following : [], extent, scope), length };
  }
  return { expr: replaceable(path, configuredAt(path, extent, scope), extent, scope), length: path.length };
}

function placeValue(place: Place, following: Following, extent: Extent, scope: Scope): Expr {
  const { path, group } = place;
  if (group?.kind === "function") reportFunction(group.name, extent, scope);
  const value =
    group === undefined
      ? namespaceAt(place, following, extent, scope)
      : node({ kind: "document", name: group.name, span: spanOf(scope, extent) });
  return replaceable(path, value, extent, scope);
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

/**
 * The documents below a path as a map, which is a definition of its own, as far as the names behind it let them be asked for.
 * Where data lies at the same place, it is that.
 */
function namespaceAt({ path, below }: Place, following: Following, extent: Extent, scope: Scope): Expr {
  const { program, extra, fresh } = scope.lowering;
  const span = spanOf(scope, extent);
  const name = pathText(path) + following.map((key) => `[${key === undefined ? "_" : JSON.stringify(key)}]`).join("");
  if (!extra.has(name)) {
    // Others will ask for it, too.
    const inside = { ...scope, isReplaceable: true };
    const [wanted, ...deeper] = following;
    const documents = [...below].filter(
      ([key, { group }]) => group?.kind !== "function" && (wanted === undefined || wanted === key),
    );
    const branches = documents.map(([key, place]): readonly Query[] => {
      const value = fresh();
      return [
        node({ kind: "bind", name: value, value: placeValue(place, deeper, extent, inside), span }),
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

/** Configured data; where there is none it is a definition of nothing, so that explanations can name it. */
function configuredAt(path: readonly string[], extent: Extent, scope: Scope): Expr {
  const { program, replaced, extra } = scope.lowering;
  const span = spanOf(scope, extent);
  const found = configured(program.data, path.slice(1));
  if (found !== undefined) return documentExpr(found, span);
  const near = replaced.documents.touches(path) ? undefined : nearlyThere(path, extent, scope.lowering);
  if (near !== undefined) reportWarning(scope, near);
  const name = pathText(path);
  if (!extra.has(name)) extra.set(name, node({ kind: "definition", params: undefined, value: nothing(span), span }));
  return node({ kind: "document", name, span });
}

function configured(data: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = data;
  for (const key of path) value = value === undefined ? undefined : entryOf(value, key);
  return value;
}

function replaceable(path: readonly string[], value: Expr, extent: Extent, scope: Scope): Expr {
  if (!scope.isReplaceable || !scope.lowering.replaced.documents.touches(path)) return value;
  return node({ kind: "replaceable", path: [...path], value, span: spanOf(scope, extent) });
}

/** A key that a document has, whatever it is made of. */
export function fieldOf(of: Expr, name: string, extent: Extent, scope: Scope): Expr {
  return field(of, wireName(of, name), "undefined", spanOf(scope, extent));
}
