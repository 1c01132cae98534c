import { fromJson } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { collection, itemsOf } from "./rego-function.ts";
import type { Parameter } from "./rego-function.ts";

/** What leads from a document to a value in it. */
export type JsonPath = readonly Value[];

/** A path as text, `a/b~1c` or `/a/b~1c` (RFC 6901), or as an array of keys. `undefined`: it is neither. */
export function pathOf(value: Value): JsonPath | undefined {
  if (typeof value !== "string") return itemsOf(value);
  if (value === "") return [];
  return value
    .replace(/^\/+/, "")
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** An array or set of paths. */
export const paths: Parameter<readonly JsonPath[]> = {
  types: ["list", "set"],
  read(value) {
    const found = collection.read(value)?.map((path) => pathOf(fromJson(path)));
    return found?.every((path) => path !== undefined) === true ? found : undefined;
  },
};

/** Where in an array of so many elements a step leads to; `undefined`: nowhere. */
export function placeIn(length: number, step: Value): number | undefined {
  const place = typeof step === "string" && /^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : step;
  return typeof place === "number" && Number.isInteger(place) && place >= 0 && place < length ? place : undefined;
}
