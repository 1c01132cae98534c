import { BuiltinFault } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { jsonText, parseJson } from "./json-text.ts";
import { listType, object, regoFunction, textType } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";
import { checkSchema } from "./schema-checker.ts";
import { readSchema } from "./schema-reader.ts";

const noJson = new BuiltinFault("text that is no JSON");

/** An object as JSON, in which sets are lists, or JSON as text. */
const document: Parameter<Value | BuiltinFault> = {
  types: ["map", ...textType],
  read(value) {
    if (typeof value !== "string" && object.read(value) === undefined) return undefined;
    const json = typeof value === "string" ? value : jsonText(value);
    return (json === undefined ? undefined : parseJson(json))?.value ?? noJson;
  },
};

const options = { steps: 1_000 };

export const schemaFunctions: readonly RegoFunction[] = [
  regoFunction("json.match_schema", [document, document], listType, matched, options),
  regoFunction("json.verify_schema", [document], listType, verified, options),
];

function matched(value: Value | BuiltinFault, schema: Value | BuiltinFault): BuiltinResult {
  if (value instanceof BuiltinFault || schema instanceof BuiltinFault) return noJson;
  const read = readSchema(schema);
  if (read.kind === "refused") return new BuiltinFault("a schema that is none");
  const errors = checkSchema(value, read.schema);
  if (errors === undefined) return new BuiltinFault("a schema that takes too much work");
  const described = errors.map(({ type, field, desc }) => ({ desc, error: `${field}: ${desc}`, field, type }));
  return [errors.length === 0, described];
}

function verified(schema: Value | BuiltinFault): BuiltinResult {
  if (schema instanceof BuiltinFault) return schema;
  const read = readSchema(schema);
  return read.kind === "read" ? [true, null] : [false, `jsonschema: ${read.message}`];
}
