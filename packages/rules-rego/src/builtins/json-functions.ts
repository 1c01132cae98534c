import { BuiltinFault, entriesOf, mismatch, valueAt } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { jsonText, parseJson } from "./json-text.ts";
import type { JsonLayout } from "./json-text.ts";
import { anything, boolType, object, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";
import { tooLongText } from "./rego-text.ts";

export const jsonFunctions: readonly RegoFunction[] = [
  regoFunction(
    "json.is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && parseJson(value) !== undefined,
  ),
  regoFunction("json.marshal", [anything], textType, (value) => jsonText(value) ?? tooLongText),
  regoFunction("json.marshal_with_options", [anything, object], textType, (value, options) => {
    const layout = layoutOf(options);
    return layout === mismatch ? mismatch : (jsonText(value, layout) ?? tooLongText);
  }),
  regoFunction("json.unmarshal", [text], undefined, (json) => parsed(json)),
];

function parsed(json: string): BuiltinResult {
  const document = parseJson(json);
  return document === undefined ? new BuiltinFault("text that is no JSON") : document.value;
}

/** In one line where nothing asks for more. */
function layoutOf(options: RegoObject): JsonLayout | undefined | typeof mismatch {
  if (entriesOf(options).some(([key, value]) => !isOption(key, value))) return mismatch;
  const indent = valueAt(options, "indent");
  const prefix = valueAt(options, "prefix");
  const isPretty = valueAt(options, "pretty") ?? (indent !== undefined || prefix !== undefined);
  if (isPretty !== true) return undefined;
  return { indent: typeof indent === "string" ? indent : "\t", prefix: typeof prefix === "string" ? prefix : "" };
}

function isOption(key: Value, value: Value): boolean {
  return key === "pretty"
    ? typeof value === "boolean"
    : (key === "indent" || key === "prefix") && typeof value === "string";
}
