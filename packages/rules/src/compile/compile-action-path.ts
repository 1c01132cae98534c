import { serialiseAction } from "@acteon/core";
import type { Action, JsonValue } from "@acteon/core";
import type { ActionPath, Missing } from "../ir/expr.ts";
import { valueAt } from "../values/keyed.ts";
import { EvalError, fromJson, isMap, isValue, KeyedMap, Optional, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { actionField } from "./action-fields.ts";
import type { Evaluate } from "./compiler.ts";

/** What a lookup gives that finds nothing: by what `missing` says, where the parent is a map, and where it is not. */
export interface Nothing {
  readonly inMap: Result;
  readonly elsewhere: Result;
}

export function nothingAt(place: string, missing: Missing, { span }: Pick<ActionPath, "span">): Nothing {
  const inMap = new EvalError(`\`${place}\` does not exist`, span);
  const elsewhere = new EvalError(`\`${place}\` is a field of something that is no map`, span);
  switch (missing) {
    case "error":
      return { inMap, elsewhere };
    case "undefined":
      return { inMap: undefinedResult, elsewhere: undefinedResult };
    case "null":
      return { inMap: null, elsewhere: null };
    case "nullKey":
      return { inMap: null, elsewhere };
  }
}

export function compileActionPath(node: ActionPath): Evaluate {
  const { path, missing } = node;
  const [head, ...keys] = path;
  if (head === undefined) return (frame) => fromJson(serialiseAction(frame.action));
  const nothing = nothingAt(`action.${path.join(".")}`, missing, node);
  const field = actionField(head);
  if (field === undefined) {
    const result = keys.length === 0 ? nothing.inMap : nothing.elsewhere;
    return () => result;
  }
  const { read } = field;
  const absentHead = field.whenAbsent === "null" ? null : nothing.inMap;
  if (keys.length === 0) {
    return (frame) => {
      const value = read(frame.action);
      return value === undefined ? absentHead : fromJson(value);
    };
  }
  const [key, ...deeper] = keys;
  if (head === "payload" && key !== undefined && deeper.length === 0 && !needsCare(key)) {
    return payloadField(key, nothing);
  }
  const find = pathReader(keys);
  return (frame) => {
    const found = find(read(frame.action));
    if (found === undefined) return nothing.inMap;
    return found === noMap ? nothing.elsewhere : fromJson(found as JsonValue);
  };
}

/** The commonest path of all, in one step. */
function payloadField(key: string, nothing: Nothing): Evaluate {
  return (frame) => {
    const { payload } = frame.action;
    if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return nothing.elsewhere;
    const value = (payload as Readonly<Record<string, JsonValue>>)[key];
    if (value === undefined) return nothing.inMap;
    return typeof value === "object" ? fromJson(value) : value;
  };
}

/** A name that every object inherits (`constructor`, `__proto__` …), or that a kept integer has, is looked up with care. */
export function needsCare(key: string): boolean {
  return key in Object.prototype || key === "rawJSON";
}

/** The steps before the last ended at something that has no fields. */
export const noMap: unique symbol = Symbol("no map");

/** Follows keys through own properties of maps; `undefined` where only the last step finds nothing. */
export function pathReader(
  keys: readonly string[],
): (root: JsonValue | undefined) => JsonValue | undefined | typeof noMap {
  if (keys.some(needsCare)) return (root) => readWithCare(root, keys);
  return (root) => {
    let value = root;
    for (let i = 0; i < keys.length; i++) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return noMap;
      value = (value as Readonly<Record<string, JsonValue>>)[keys[i]!];
    }
    return value;
  };
}

function readWithCare(root: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined | typeof noMap {
  let value = root;
  for (const key of keys) {
    if (value === undefined || !isPlainMap(value)) return noMap;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function isPlainMap(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return !JSON.isRawJSON(value) && isMap(fromJson(value));
}

/** Is there something at the path? Its steps before the last are evaluated as the node says. */
export function compileHasActionPath(node: ActionPath): Evaluate {
  const last = node.path.at(-1);
  if (last === undefined) return () => true;
  if (node.path.length === 1) {
    const field = actionField(last);
    return field === undefined ? () => false : (frame) => field.read(frame.action) !== undefined;
  }
  const parent = compileActionPath({ ...node, path: node.path.slice(0, -1) });
  const nothing = nothingAt(`action.${node.path.join(".")}`, node.missing, node);
  return (frame) => hasKey(parent(frame), last, nothing);
}

/** Does a map have the key? Where `parent` is none, as the reference says; null and undefined have nothing. */
export function hasKey(parent: Result, key: string, nothing: Nothing): Result {
  if (parent === undefinedResult) return false;
  if (!isValue(parent)) return parent;
  if (isMap(parent)) return Object.hasOwn(parent, key);
  if (parent instanceof KeyedMap) return valueAt(parent, key) !== undefined;
  if (parent instanceof Optional) return parent.value !== undefined && hasKey(parent.value, key, nothing);
  return nothing.elsewhere instanceof EvalError ? nothing.elsewhere : false;
}

/** Reads one field of an action for the index; `undefined` where there is none. */
export function fieldReader(path: readonly string[]): (action: Action) => JsonValue | undefined | typeof noMap {
  const [head = "", ...keys] = path;
  const field = actionField(head);
  if (field === undefined) return () => undefined;
  if (keys.length === 0) return field.read;
  const find = pathReader(keys);
  return (action) => find(field.read(action));
}
