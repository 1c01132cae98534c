import {
  BuiltinFault,
  LimitFault,
  compareText,
  entriesOf,
  fromJson,
  inOrder,
  intOf,
  isAnyMap,
  isList,
  maxWeight,
  ValueSet,
} from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { Document, parseAllDocuments, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { DocumentOptions, SchemaOptions, Tags } from "yaml";
import { maxJsonDepth, jsonText } from "./json-text.ts";
import { numberIn, resultOf } from "./number.ts";
import { anything, boolType, regoFunction, text, textType } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

/** Longest text that is read: the parser takes a microsecond and more for each character. */
const maxYamlLength = 65_536;
/** Some milliseconds. */
const yamlSteps = 2_000;

/** YAML as OPA has it: what JSON can say, with the booleans of YAML 1.1. */
export const yamlFunctions: readonly RegoFunction[] = [
  regoFunction(
    "yaml.is_valid",
    [anything],
    boolType,
    (value) => typeof value === "string" && !(parsed(value) instanceof BuiltinFault),
    { steps: yamlSteps },
  ),
  regoFunction("yaml.marshal", [anything], textType, marshalled, { steps: yamlSteps }),
  regoFunction("yaml.unmarshal", [text], undefined, parsed, { steps: yamlSteps }),
];

const noYaml = new BuiltinFault("text that is no YAML");
const tooLarge = new LimitFault("too large a document");

const options: DocumentOptions & SchemaOptions = {
  version: "1.1",
  // Of YAML 1.1 neither times nor numbers to the base of 60, which nobody means: `12:30` is text.
  customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTime(tag)),
};

function isTime(tag: Exclude<Tags[number], string>): boolean {
  return ("format" in tag && tag.format === "TIME") || tag.tag === "tag:yaml.org,2002:timestamp";
}

function parsed(yaml: string): BuiltinResult {
  if (yaml.length > maxYamlLength) return new LimitFault(`a text longer than ${maxYamlLength} characters`);
  try {
    // Go's parser takes the first document, of two equal keys the last, and merges.
    const read = { ...options, merge: true, uniqueKeys: false, intAsBigInt: true, logLevel: "error" } as const;
    const [document = new Document(null)] = parseAllDocuments(yaml, read);
    if (document.errors.length > 0) return noYaml;
    return new Importer().value(document.toJS({ mapAsMap: true }), 0);
  } catch {
    return noYaml;
  }
}

/** Values from what the parser made. What is named again and again is there as often, so it is counted. */
class Importer {
  #allowance = maxWeight;

  value(made: unknown, depth: number): BuiltinResult {
    if (--this.#allowance < 0 || depth > maxJsonDepth) return tooLarge;
    if (typeof made === "bigint") return intOf(made);
    if (typeof made === "number") return resultOf(made);
    if (made instanceof Map) return this.#map(made, depth);
    if (Array.isArray(made)) return this.#list(made, depth);
    if (made instanceof Uint8Array) return Buffer.from(made).toString();
    return typeof made === "string" || typeof made === "boolean" || made === null ? made : noYaml;
  }

  #list(made: readonly unknown[], depth: number): BuiltinResult {
    const items: Value[] = [];
    for (const each of made) {
      const item = this.value(each, depth + 1);
      if (typeof item === "symbol" || item instanceof BuiltinFault) return item;
      items.push(item);
    }
    return items;
  }

  #map(made: ReadonlyMap<unknown, unknown>, depth: number): BuiltinResult {
    const entries: (readonly [string, Value])[] = [];
    for (const [key, each] of made) {
      const value = this.value(each, depth + 1);
      if (typeof value === "symbol" || value instanceof BuiltinFault) return value;
      if (typeof key !== "string" && typeof key !== "bigint" && typeof key !== "number" && typeof key !== "boolean")
        return noYaml;
      entries.push([String(key), value]);
    }
    return Object.fromEntries(entries);
  }
}

function marshalled(value: Value): BuiltinResult {
  // It is never longer than this by more than what indentation takes.
  if ((jsonText(value)?.length ?? Number.POSITIVE_INFINITY) > maxYamlLength) return tooLarge;
  const document = new Document<Scalar | YAMLMap | YAMLSeq, true>(null, options);
  document.contents = nodeOf(value);
  return document.toString({ indentSeq: false, lineWidth: 0, defaultStringType: "PLAIN", singleQuote: true });
}

function nodeOf(value: Value): Scalar | YAMLMap | YAMLSeq {
  if (value instanceof ValueSet) return listNode(inOrder(value));
  if (typeof value === "object" && value !== null && isList(value)) return listNode(value);
  const num = numberIn(value);
  if (num !== undefined) return new Scalar(typeof num === "number" && Number.isInteger(num) ? BigInt(num) : num);
  if (!isAnyMap(value)) return typeof value === "string" ? textNode(value) : new Scalar(value);
  const map = new YAMLMap();
  const named = entriesOf(value).map(
    ([key, item]) => [typeof key === "string" ? key : (jsonText(key) ?? ""), item] as const,
  );
  for (const [key, item] of named.toSorted(([a], [b]) => compareText(a, b))) map.set(textNode(key), nodeOf(item));
  map.flow = map.items.length === 0;
  return map;
}

function listNode(items: readonly Value[]): YAMLSeq {
  const list = new YAMLSeq();
  for (const item of items) list.add(nodeOf(fromJson(item)));
  list.flow = items.length === 0;
  return list;
}

/** What could be read as something else than text is in double quotes, as Go has it. */
function textNode(value: string): Scalar {
  const node = new Scalar(value);
  if (readsAsOther.test(value) || value.includes("\t")) node.type = "QUOTE_DOUBLE";
  else if (/^\S[^]*\n/.test(value)) node.type = "BLOCK_LITERAL";
  return node;
}

/** Nothing, null, booleans, numbers of all kinds, dates and times. */
const readsAsOther =
  /^(?:|~|null|<<|=|y|n|yes|no|true|false|on|off|[-+]?(?:\d[\d_,.:]*|\.\d[\d_]*|0[xob][\da-f_]+)(?:e[-+]?\d+)?|[-+]?\.(?:inf|nan)|\d{4}-\d\d?-\d\d?.*)$/i;
