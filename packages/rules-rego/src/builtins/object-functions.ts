import {
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
import { anything, array, boolType, itemsOf, mapType, object, regoFunction, setType } from "./rego-function.ts";
import type { Parameter, RegoFunction, RegoObject } from "./rego-function.ts";
import { placesOf } from "./sequence-search.ts";

/** The keys of an object, or what is in an array or set, by identity. */
const keys: Parameter<ReadonlySet<string>> = {
  types: ["list", "set", "map"],
  read(value) {
    if (value instanceof ValueSet) return new Set(value.items.keys());
    const named = isAnyMap(value) ? entriesOf(value).map(([key]) => key) : itemsOf(value);
    return named && new Set(named.map(identityOf));
  },
};

const whole: Parameter<Value> = { types: ["list", "set", "map"], read: anything.read };

export const objectFunctions: readonly RegoFunction[] = [
  regoFunction("object.get", [object, anything, anything], undefined, (map, key, otherwise) => {
    const path = itemsOf(key) ?? [key];
    return (
      path.reduce<Value | undefined>((value, step) => (value === undefined ? undefined : entryAt(value, step)), map) ??
      otherwise
    );
  }),
  regoFunction("object.keys", [object], setType, (map) => setOf(entriesOf(map).map(([key]) => key))),
  regoFunction("object.filter", [object, keys], mapType, (map, named) => selected(map, (key) => named.has(key))),
  regoFunction("object.remove", [object, keys], mapType, (map, named) => selected(map, (key) => !named.has(key))),
  regoFunction("object.union", [object, object], mapType, (a, b) => united([a, b])),
  regoFunction("object.union_n", [array], mapType, (maps) => (maps.every(isAnyMap) ? united(maps) : mismatch)),
  regoFunction("object.subset", [whole, whole], boolType, (all, part) => isSubset(all, part) ?? mismatch),
];

function selected(map: RegoObject, isKept: (identity: string) => boolean): BuiltinResult {
  const kept = entriesOf(map).filter(([key]) => isKept(identityOf(key)));
  // Of an object whose keys are texts they need no identities once more.
  return map instanceof KeyedMap ? mapOf(kept)! : Object.fromEntries(kept as readonly (readonly [string, Value])[]);
}

/** From the last that has a key; objects within objects are united too. */
function united(maps: readonly RegoObject[]): RegoObject {
  const union = new ObjectUnion();
  for (const map of maps) union.add(map);
  return union.finish();
}

/** Takes each entry once, however many objects are united. */
class ObjectUnion {
  readonly #entries = new Map<string, readonly [key: Value, value: Value | ObjectUnion]>();

  add(map: RegoObject): void {
    for (const [key, value] of entriesOf(map)) {
      const identity = identityOf(key);
      const before = this.#entries.get(identity)?.[1];
      this.#entries.set(identity, [key, isAnyMap(value) ? unionOf(before, value) : value]);
    }
  }

  finish(): RegoObject {
    return mapOf(
      [...this.#entries.values()].map(([key, value]) => [key, value instanceof ObjectUnion ? value.finish() : value]),
    )!;
  }
}

function unionOf(before: Value | ObjectUnion | undefined, map: RegoObject): Value | ObjectUnion {
  if (!(before instanceof ObjectUnion) && (before === undefined || !isAnyMap(before))) return map;
  const union = before instanceof ObjectUnion ? before : new ObjectUnion();
  if (!(before instanceof ObjectUnion)) union.add(before);
  union.add(map);
  return union;
}

/** `undefined`: of these two types none is a part of the other. */
function isSubset(all: Value, part: Value): boolean | undefined {
  if (isAnyMap(all) && isAnyMap(part)) return entriesOf(part).every(([key, value]) => holds(valueAt(all, key), value));
  if (part instanceof ValueSet) {
    const known = all instanceof ValueSet ? all.items : itemsOf(all) && new Set(itemsOf(all)!.map(identityOf));
    return known && [...part.items.keys()].every((identity) => known.has(identity));
  }
  const items = itemsOf(all);
  const sequence = itemsOf(part);
  if (items === undefined || sequence === undefined) return undefined;
  return sequence.length === 0 || !placesOf(sequence.map(identityOf), items.map(identityOf)).next().done;
}

function holds(value: Value | undefined, part: Value): boolean {
  if (value === undefined) return false;
  const isSameKind =
    (isAnyMap(value) && isAnyMap(part)) ||
    (value instanceof ValueSet && part instanceof ValueSet) ||
    (itemsOf(value) !== undefined && itemsOf(part) !== undefined);
  return isSameKind ? isSubset(value, part) === true : equal(value, part);
}
