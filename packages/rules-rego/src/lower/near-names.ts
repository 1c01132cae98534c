import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { didYouMean } from "@acteon/rules";
import type { Extent, PlacedFinding } from "@acteon/rules";
import type { Place } from "./document-tree.ts";
import { builtinNames } from "./functions.ts";
import { isNameless } from "./mentions.ts";
import { isBelow, pathText } from "./path-text.ts";
import type { RuleGroup } from "./rule-group.ts";
import type { Lowering, Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/**
 * What is not there is undefined, and no mistake: data may be configured elsewhere. What has nearly its name is told;
 * `undefined`: nothing has.
 */
export function nearlyThere(
  path: readonly string[],
  at: Extent,
  { program, suggestions }: Lowering,
): PlacedFinding | undefined {
  let place: Place | undefined = program.documents;
  let data: JsonValue | undefined = program.data;
  for (const [i, key] of path.entries()) {
    if (i === 0) continue;
    // What is inside of a document is not known.
    if (place?.group !== undefined) return undefined;
    const placeBelow: Place | undefined = place?.below.get(key);
    const dataBelow: JsonValue | undefined = data === undefined ? undefined : entryOf(data, key);
    if (placeBelow === undefined && dataBelow === undefined) {
      const near = suggestions.near(key, namesAt(place, data));
      return near === undefined ? undefined : missing(path, i, near, at);
    }
    place = placeBelow;
    data = dataBelow;
  }
  return undefined;
}

function missing(path: readonly string[], i: number, near: string, at: Extent): PlacedFinding {
  const summary = `there is no \`${pathText(path.slice(0, i + 1))}\``;
  const meant = pathText([...path.slice(0, i), near, ...path.slice(i + 1)]);
  return { code: "ACT-R024", at, summary, label: "always undefined", ...didYouMean(meant) };
}

/** What rules see is `input.action`. */
export function noInput(name: string, at: Extent, { suggestions }: Lowering): PlacedFinding {
  const isNear = suggestions.near(name, ["action"]) !== undefined;
  return {
    code: "ACT-R020",
    at,
    summary: `\`input\` has no field \`${name}\``,
    label: "not there",
    ...(isNear
      ? didYouMean("input.action")
      : { help: "the action is `input.action`, and what was sent `input.action.payload`" }),
  };
}

/** The entry of configured data. */
export function entryOf(value: JsonValue, key: string): JsonValue | undefined {
  if (isJsonArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function* namesAt(place: Place | undefined, data: JsonValue | undefined): Iterable<string> {
  if (place !== undefined) yield* place.below.keys();
  if (isJsonObject(data ?? null)) yield* Object.keys(data as object);
}

/** The functions that can be called in a file, as they are written there. */
export function* functionNames({ lowering, unit }: Scope): Iterable<string> {
  for (const group of lowering.program.groups) if (group.kind === "function") yield writtenIn(unit, group);
  yield* builtinNames();
}

/** The names that a variable or document can have in a body. */
export function* namesIn({ lowering, unit, declared }: Scope): Iterable<string> {
  for (const name of declared) if (!isNameless(name)) yield name;
  yield* lowering.program.namesOf(unit);
  yield* unit.imports.keys();
}

/** The function that has this name in another package, as it is written in a file. */
export function functionElsewhere(name: string, { lowering, unit }: Scope): string | undefined {
  const group = lowering.program.named(name).find(({ kind }) => kind === "function");
  return group && writtenIn(unit, group);
}

/** The same of what has a value: the action, configured data, a document of another package. */
export function valueElsewhere(name: string, { lowering, unit }: Scope): string | undefined {
  const { program } = lowering;
  if (name === "action") return "input.action";
  if (Object.hasOwn(program.data, name)) return `data.${name}`;
  const group = program.named(name).find(({ kind }) => kind !== "function");
  return group && writtenIn(unit, group);
}

function writtenIn({ module, imports }: Unit, { path, name }: RuleGroup): string {
  const home = ["data", ...module.package];
  if (isBelow(path, home)) return path.slice(home.length).join(".");
  for (const [alias, imported] of imports) {
    if (isBelow(path, imported)) return [alias, ...path.slice(imported.length)].join(".");
  }
  return name;
}
