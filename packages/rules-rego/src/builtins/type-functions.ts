import { BuiltinFault, equal, mismatch, setOf, total, typeOf } from "@acteon/rules";
import type { BuiltinResult, Value, ValueType } from "@acteon/rules";
import { parseDecimal } from "./number.ts";
import {
  anything,
  boolType,
  collection,
  listType,
  mapType,
  numberType,
  regoFunction,
  setType,
  textType,
} from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

/** Comparisons, types and conversions. */
export const typeFunctions: readonly RegoFunction[] = [
  comparison("equal", equal),
  comparison("neq", (a, b) => !equal(a, b)),
  comparison("lt", (a, b) => total(a, b) < 0),
  comparison("lte", (a, b) => total(a, b) <= 0),
  comparison("gt", (a, b) => total(a, b) > 0),
  comparison("gte", (a, b) => total(a, b) >= 0),

  regoFunction("type_name", [anything], textType, (value) => names[typeOf(value)] ?? mismatch),
  typeTest("is_array", listType),
  typeTest("is_boolean", boolType),
  typeTest("is_null", ["null"]),
  typeTest("is_number", numberType),
  typeTest("is_object", mapType),
  typeTest("is_set", setType),
  typeTest("is_string", textType),

  regoFunction(
    "to_number",
    [{ types: ["null", "bool", "string", ...numberType], read: anything.read }],
    numberType,
    toNumber,
  ),
  cast("cast_boolean", boolType),
  cast("cast_null", ["null"]),
  cast("cast_object", mapType),
  cast("cast_string", textType),
  regoFunction("cast_array", [collection], listType, (items) => items, { deprecated: true }),
  regoFunction("cast_set", [collection], setType, (items) => setOf(items), { deprecated: true }),
];

const names: Partial<Readonly<Record<ValueType, string>>> = {
  null: "null",
  bool: "boolean",
  int: "number",
  uint: "number",
  double: "number",
  string: "string",
  list: "array",
  map: "object",
  set: "set",
};

function comparison(name: string, holds: (a: Value, b: Value) => boolean): RegoFunction {
  return regoFunction(name, [anything, anything], boolType, holds);
}

function typeTest(name: string, types: readonly ValueType[]): RegoFunction {
  return regoFunction(name, [anything], boolType, (value) => types.includes(typeOf(value)));
}

function cast(name: string, types: readonly ValueType[]): RegoFunction {
  return regoFunction(name, [anything], types, (value) => (types.includes(typeOf(value)) ? value : mismatch), {
    deprecated: true,
  });
}

function toNumber(value: Value): BuiltinResult {
  if (value === null) return 0;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string") return numberType.includes(typeOf(value)) ? value : mismatch;
  const num = parseDecimal(value);
  return num === undefined || !Number.isFinite(Number(num)) ? new BuiltinFault("text that is no number") : num;
}
