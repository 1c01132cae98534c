import { BuiltinFault, LimitFault } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { jsonText, parseJson } from "./json-text.ts";
import { itemsOf, listType, object, regoFunction, textType } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";
import { checkSchema } from "./schema-checker.ts";
import { readSchema } from "./schema-reader.ts";

type ReadDocument = { readonly value: Value } | { readonly problem: string };

/** A document as JSON, in which sets are lists, or JSON as text. */
const document: Parameter<ReadDocument> = {
  types: ["map", ...textType],
  read(value) {
    const isText = typeof value === "string";
    if (!isText && object.read(value) === undefined && itemsOf(value) === undefined) {
      return { problem: "wrong type, expected string or object" };
    }
    const json = isText ? value : jsonText(value);
    return (json === undefined ? undefined : parseJson(json)) ?? { problem: "invalid JSON string" };
  },
};

const options = { steps: 1_000 };

export const schemaFunctions: readonly RegoFunction[] = [
  regoFunction("json.match_schema", [document, document], listType, matched, options),
  regoFunction("json.verify_schema", [document], listType, verified, options),
];

function matched(written: ReadDocument, schema: ReadDocument): BuiltinResult {
  if ("problem" in written || "problem" in schema) return new BuiltinFault("what is neither an object nor JSON");
  const read = readSchema(schema.value);
  if (read.kind === "refused") return new BuiltinFault("a schema that is none");
  const errors = checkSchema(written.value, read.schema);
  if (errors === undefined) return new LimitFault("a schema that takes too much work");
  const described = errors.map(({ type, field, desc }) => ({ desc, error: `${field}: ${desc}`, field, type }));
  return [errors.length === 0, described];
}

function verified(schema: ReadDocument): BuiltinResult {
  if ("problem" in schema) return [false, `jsonschema: ${schema.problem}`];
  const read = readSchema(schema.value);
  return read.kind === "read" ? [true, null] : [false, `jsonschema: ${read.message}`];
}
