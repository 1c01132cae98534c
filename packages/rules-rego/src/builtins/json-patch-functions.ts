import {
  BuiltinFault,
  LimitFault,
  entriesOf,
  entryAt,
  equal,
  identityOf,
  isAnyMap,
  KeyedMap,
  mapOf,
  mismatch,
  setOf,
  valueAt,
  ValueSet,
} from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { pathOf, placeIn } from "./json-path.ts";
import type { JsonPath } from "./json-path.ts";
import { anything, array, itemsOf, regoFunction } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";

/** RFC 6902, for whatever Rego has: objects with any keys, and sets, whose elements are their own keys. */
export const jsonPatchFunctions: readonly RegoFunction[] = [
  regoFunction("json.patch", [anything, array], undefined, patched),
];

const noPlace = new BuiltinFault("a patch whose path leads nowhere");
const failedTest = new BuiltinFault("a patch whose test fails");
const badPatch = new BuiltinFault("a patch that is none");
const tooMuch = new LimitFault("too many patches of too large a document");

/** Each step of a path copies what it changes; most values that are copied. */
const maxCopied = 250_000;

function patched(document: Value, patches: readonly Value[]): BuiltinResult {
  const patcher = new Patcher();
  let result: BuiltinResult = document;
  for (const patch of patches) {
    if (!isAnyMap(patch)) return mismatch;
    result = patcher.apply(result, patch);
    if (typeof result === "symbol" || result instanceof BuiltinFault) return result;
  }
  return result;
}

class Patcher {
  #copied = 0;

  apply(document: Value, patch: RegoObject): BuiltinResult {
    const path = pathAt(patch, "path");
    if (path === undefined) return badPatch;
    const op = valueAt(patch, "op");
    if (op === "remove") return this.#remove(document, path);
    if (op === "add" || op === "replace" || op === "test") {
      const value = valueAt(patch, "value");
      if (value === undefined) return badPatch;
      if (op === "add") return this.#add(document, path, value);
      const there = valueUnder(document, path);
      if (there === undefined) return noPlace;
      if (op === "test") return equal(there, value) ? document : failedTest;
      return this.#replace(document, path, value);
    }
    const from = pathAt(patch, "from");
    if (from === undefined || (op !== "move" && op !== "copy")) return badPatch;
    const value = valueUnder(document, from);
    if (value === undefined) return noPlace;
    if (op === "copy" || (from.length === 0 && path.length === 0)) return this.#add(document, path, value);
    const rest = this.#remove(document, from);
    if (typeof rest === "symbol" || rest instanceof BuiltinFault) return rest;
    return this.#add(rest, path, value);
  }

  #add(document: Value, path: JsonPath, value: Value): BuiltinResult {
    return this.#edit(document, path, value, (parent, step) => {
      if (isAnyMap(parent)) return withEntry(parent, step, value);
      if (parent instanceof ValueSet) return equal(step, value) ? setOf([...parent.items.values(), value]) : noPlace;
      const items = itemsOf(parent);
      const place = items && (step === "-" ? items.length : placeIn(items.length + 1, step));
      return place === undefined ? noPlace : items!.toSpliced(place, 0, value);
    });
  }

  #remove(document: Value, path: JsonPath): BuiltinResult {
    return this.#edit(document, path, undefined, (parent, step) => {
      if (isAnyMap(parent)) return valueAt(parent, step) === undefined ? noPlace : withoutEntry(parent, step);
      if (parent instanceof ValueSet) return parent.items.has(identityOf(step)) ? withoutItem(parent, step) : noPlace;
      const items = itemsOf(parent);
      const place = items && placeIn(items.length, step);
      return place === undefined ? noPlace : items!.toSpliced(place, 1);
    });
  }

  #replace(document: Value, path: JsonPath, value: Value): BuiltinResult {
    return this.#edit(document, path, value, (parent, step) => {
      if (parent instanceof ValueSet) return equal(step, value) ? parent : noPlace;
      return withChild(parent, step, value);
    });
  }

  /** Of a path without a step the whole document is `whole`. */
  #edit(
    document: Value,
    path: JsonPath,
    whole: Value | undefined,
    change: (parent: Value, step: Value) => BuiltinResult,
  ): BuiltinResult {
    const [step, ...rest] = path;
    if (step === undefined) return whole === undefined ? noPlace : whole;
    this.#copied += costOf(document);
    if (this.#copied > maxCopied) return tooMuch;
    if (rest.length === 0) return change(document, step);
    const child = childAt(document, step);
    if (child === undefined) return noPlace;
    const edited = this.#edit(child, rest, whole, change);
    if (typeof edited === "symbol" || edited instanceof BuiltinFault) return edited;
    return document instanceof ValueSet
      ? setOf([...withoutItem(document, step).items.values(), edited])
      : withChild(document, step, edited);
  }
}

function pathAt(patch: RegoObject, key: string): JsonPath | undefined {
  const value = valueAt(patch, key);
  return value === undefined ? undefined : pathOf(value);
}

function valueUnder(document: Value, path: JsonPath): Value | undefined {
  return path.reduce<Value | undefined>(
    (value, step) => (value === undefined ? undefined : childAt(value, step)),
    document,
  );
}

function childAt(value: Value, step: Value): Value | undefined {
  const items = itemsOf(value);
  if (items === undefined) return entryAt(value, step);
  const place = placeIn(items.length, step);
  return place === undefined ? undefined : items[place];
}

/** What it takes to copy: identities cost more than keys that are texts. */
function costOf(value: Value): number {
  if (value instanceof ValueSet) return 10 * value.items.size;
  if (value instanceof KeyedMap) return 10 * value.entries.size;
  return Array.isArray(value) ? value.length : isAnyMap(value) ? Object.keys(value).length : 0;
}

/** With another value in place of the one that is there. */
function withChild(parent: Value, step: Value, value: Value): BuiltinResult {
  if (isAnyMap(parent)) return withEntry(parent, step, value);
  const items = itemsOf(parent);
  const place = items && placeIn(items.length, step);
  return place === undefined ? noPlace : items!.with(place, value);
}

function withEntry(map: RegoObject, key: Value, value: Value): RegoObject {
  if (!(map instanceof KeyedMap) && typeof key === "string") return { ...map, [key]: value };
  return mapOf([...entriesOf(withoutEntry(map, key)), [key, value]])!;
}

function withoutEntry(map: RegoObject, key: Value): RegoObject {
  if (!(map instanceof KeyedMap)) {
    if (typeof key !== "string") return map;
    const { [key]: _removed, ...rest } = map;
    return rest;
  }
  const identity = identityOf(key);
  return mapOf(entriesOf(map).filter(([other]) => identityOf(other) !== identity))!;
}

function withoutItem(set: ValueSet, item: Value): ValueSet {
  const identity = identityOf(item);
  return setOf([...set.items].filter(([other]) => other !== identity).map(([, each]) => each));
}
