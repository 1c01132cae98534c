import { compileRegex, entriesOf, fromJson, isAnyMap, typeOf, valueAt } from "@acteon/rules";
import type { LinearRegex, Value } from "@acteon/rules";
import { pathOf, placeIn } from "./json-path.ts";
import { numberIn } from "./number.ts";
import type { Num } from "./number.ts";
import { index, itemsOf } from "./rego-function.ts";
import type { RegoObject } from "./rego-function.ts";
import { jsonTypes } from "./schema.ts";
import type { JsonType, Schema } from "./schema.ts";

export type ReadSchema =
  | { readonly kind: "read"; readonly schema: Schema }
  /** `message` is what `json.verify_schema` says, as OPA's library words it. */
  | { readonly kind: "refused"; readonly message: string };

/** Reads a schema, and all that it refers to, which has to be in it: nothing is fetched. */
export function readSchema(document: Value): ReadSchema {
  try {
    return { kind: "read", schema: new SchemaReader(document).read() };
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error;
    return { kind: "refused", message: error.message };
  }
}

/** Ends the reading of a schema; never leaves this file. */
class SchemaProblem extends Error {}

function mustBe(keyword: string, kind: string): SchemaProblem {
  return new SchemaProblem(`${keyword} must be of ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`);
}

class SchemaReader {
  readonly #document: Value;
  /** By the pointers to them. A schema may refer to itself, so it is known before it is read. */
  readonly #referred = new Map<string, { schema: Schema | undefined }>();
  readonly #byId = new Map<string, Value>();

  constructor(document: Value) {
    this.#document = document;
  }

  read(): Schema {
    this.#collectIds(this.#document);
    return this.#schema(this.#document);
  }

  #collectIds(value: Value): void {
    for (const item of itemsOf(value) ?? []) this.#collectIds(item);
    if (!isAnyMap(value)) return;
    const id = valueAt(value, "$id") ?? valueAt(value, "id");
    if (typeof id === "string") this.#byId.set(id, value);
    for (const [, child] of entriesOf(value)) this.#collectIds(child);
  }

  #schema(value: Value): Schema {
    if (typeof value === "boolean") return { always: value };
    if (!isAnyMap(value)) throw new SchemaProblem("Invalid type. Expected: valid schema, given: something else");
    const reference = valueAt(value, "$ref");
    if (reference !== undefined) return { ref: this.#reference(reference) };
    return {
      ...readGeneral(value),
      ...readNumeric(value),
      ...readText(value),
      ...this.#ofArrays(value),
      ...this.#ofObjects(value),
      ...this.#ofSchemas(value),
    };
  }

  #reference(reference: Value): () => Schema {
    if (typeof reference !== "string") throw mustBe("$ref", "string");
    const known = this.#referred.get(reference);
    const target = known ?? { schema: undefined };
    if (known === undefined) {
      this.#referred.set(reference, target);
      target.schema = this.#schema(this.#targetOf(reference));
    }
    return () => target.schema ?? {};
  }

  #targetOf(reference: string): Value {
    const byId = this.#byId.get(reference);
    if (byId !== undefined) return byId;
    const [base = "", pointer = ""] = reference.split("#");
    const root = base === "" ? this.#document : this.#byId.get(base);
    const target =
      root === undefined || (pointer !== "" && !pointer.startsWith("/")) ? undefined : valueUnder(root, pointer);
    if (target === undefined) throw new SchemaProblem(`Reference ${reference} must be canonical`);
    return target;
  }

  #ofArrays(map: RegoObject): Schema {
    const items = valueAt(map, "items");
    const list = items === undefined ? undefined : itemsOf(items);
    return {
      ...(items === undefined ? {} : { items: list?.map((item) => this.#schema(item)) ?? this.#schema(items) }),
      ...this.#schemaAt(map, "additionalItems"),
      ...this.#schemaAt(map, "contains"),
      ...countAt(map, "minItems"),
      ...countAt(map, "maxItems"),
      ...typedAt(map, "uniqueItems", "boolean"),
    };
  }

  #ofObjects(map: RegoObject): Schema {
    const patterns = objectAt(map, "patternProperties");
    const dependencies = objectAt(map, "dependencies");
    const required = valueAt(map, "required");
    return {
      ...countAt(map, "minProperties"),
      ...countAt(map, "maxProperties"),
      ...(required === undefined ? {} : { required: textsOf(required, "required") }),
      ...this.#schemasAt(map, "properties"),
      ...(patterns && {
        patternProperties: patterns.map(([pattern, schema]) => ({
          regex: regexOf(pattern),
          schema: this.#schema(schema),
        })),
      }),
      ...this.#schemaAt(map, "additionalProperties"),
      ...this.#schemaAt(map, "propertyNames"),
      ...(dependencies && {
        dependencies: new Map(
          dependencies.map(([name, value]) => [
            name,
            itemsOf(value) === undefined ? this.#schema(value) : textsOf(value, "dependencies"),
          ]),
        ),
      }),
    };
  }

  #ofSchemas(map: RegoObject): Schema {
    this.#schemasAt(map, "definitions");
    return {
      ...this.#listAt(map, "allOf"),
      ...this.#listAt(map, "anyOf"),
      ...this.#listAt(map, "oneOf"),
      ...this.#schemaAt(map, "not"),
      ...this.#schemaAt(map, "if"),
      ...this.#schemaAt(map, "then"),
      ...this.#schemaAt(map, "else"),
    };
  }

  #schemaAt<K extends keyof Schema>(map: RegoObject, keyword: K): Schema {
    const value = valueAt(map, keyword);
    return value === undefined ? {} : { [keyword]: this.#schema(value) };
  }

  #listAt(map: RegoObject, keyword: "allOf" | "anyOf" | "oneOf"): Schema {
    const value = valueAt(map, keyword);
    if (value === undefined) return {};
    const schemas = itemsOf(value);
    if (schemas === undefined || schemas.length === 0) throw mustBe(keyword, "array");
    return { [keyword]: schemas.map((schema) => this.#schema(schema)) };
  }

  #schemasAt(map: RegoObject, keyword: string): Schema {
    const entries = objectAt(map, keyword);
    return entries === undefined
      ? {}
      : { [keyword]: new Map(entries.map(([name, schema]) => [name, this.#schema(schema)])) };
  }
}

function valueUnder(root: Value, pointer: string): Value | undefined {
  const steps = pointer === "" ? [] : (pathOf(decoded(pointer)) ?? []);
  return steps.reduce<Value | undefined>(
    (value, step) => (value === undefined ? undefined : childAt(value, step)),
    root,
  );
}

function childAt(value: Value, step: Value): Value | undefined {
  if (isAnyMap(value)) return valueAt(value, step);
  const items = itemsOf(value) ?? [];
  const place = placeIn(items.length, step);
  return place === undefined ? undefined : items[place];
}

function decoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

function readGeneral(map: RegoObject): Schema {
  const type = valueAt(map, "type");
  const allowed = valueAt(map, "enum");
  const only = valueAt(map, "const");
  const values = allowed === undefined ? undefined : itemsOf(allowed);
  if (allowed !== undefined && (values === undefined || values.length === 0)) throw mustBe("enum", "array");
  return {
    ...(type === undefined ? {} : { types: (itemsOf(type) ?? [type]).map(jsonTypeOf) }),
    ...(values && { enum: values.map((value) => fromJson(value)) }),
    ...(only === undefined ? {} : { const: { value: only } }),
  };
}

function jsonTypeOf(name: Value): JsonType {
  const type = jsonTypes.find((each) => each === name);
  if (type !== undefined) return type;
  const given = typeof name === "string" ? name : typeOf(name);
  const expected = jsonTypes.join(" ");
  throw new SchemaProblem(
    `has a primitive type that is NOT VALID -- given: /${given}/ Expected valid values are:[${expected}]`,
  );
}

function readNumeric(map: RegoObject): Schema {
  const multipleOf = numberAt(map, "multipleOf");
  if (multipleOf !== undefined && multipleOf <= 0)
    throw new SchemaProblem("multipleOf must be strictly greater than 0");
  return {
    ...(multipleOf === undefined ? {} : { multipleOf }),
    ...readBound(map, "minimum", "exclusiveMinimum"),
    ...readBound(map, "maximum", "exclusiveMaximum"),
  };
}

/** In draft 4 it is a boolean that says whether the other bound is one of those that are allowed. */
function readBound(
  map: RegoObject,
  keyword: "minimum" | "maximum",
  exclusive: "exclusiveMinimum" | "exclusiveMaximum",
): Schema {
  const bound = numberAt(map, keyword);
  const isExclusive = valueAt(map, exclusive);
  if (typeof isExclusive !== "boolean") {
    const other = numberAt(map, exclusive);
    return {
      ...(bound === undefined ? {} : { [keyword]: bound }),
      ...(other === undefined ? {} : { [exclusive]: other }),
    };
  }
  if (bound === undefined) throw new SchemaProblem(`${exclusive} cannot be used without ${keyword}`);
  return { [isExclusive ? exclusive : keyword]: bound };
}

function readText(map: RegoObject): Schema {
  const pattern = valueAt(map, "pattern");
  if (pattern !== undefined && typeof pattern !== "string") throw mustBe("pattern", "string");
  return {
    ...countAt(map, "minLength"),
    ...countAt(map, "maxLength"),
    ...(pattern === undefined ? {} : { pattern: { source: pattern, regex: regexOf(pattern) } }),
    ...typedAt(map, "format", "string"),
  };
}

function numberAt(map: RegoObject, keyword: string): Num | undefined {
  const value = valueAt(map, keyword);
  const num = value === undefined ? undefined : numberIn(value);
  if (value !== undefined && num === undefined) throw mustBe(keyword, "number");
  return num;
}

function countAt(map: RegoObject, keyword: string): Schema {
  const value = valueAt(map, keyword);
  if (value === undefined) return {};
  const count = index.read(value);
  if (count === undefined) throw mustBe(keyword, "integer");
  if (count < 0) throw new SchemaProblem(`${keyword} must be greater than or equal to 0`);
  return { [keyword]: count };
}

function typedAt(map: RegoObject, keyword: string, type: "boolean" | "string"): Schema {
  const value = valueAt(map, keyword);
  if (value === undefined) return {};
  if (typeof value !== type) throw mustBe(keyword, type);
  return { [keyword]: value };
}

function objectAt(map: RegoObject, keyword: string): readonly (readonly [string, Value])[] | undefined {
  const value = valueAt(map, keyword);
  if (value === undefined) return undefined;
  if (!isAnyMap(value)) throw mustBe(keyword, "object");
  return entriesOf(value).map(([name, child]) => [typeof name === "string" ? name : "", child] as const);
}

function textsOf(value: Value, keyword: string): readonly string[] {
  const texts = itemsOf(value);
  if (texts === undefined) throw mustBe(keyword, "array");
  if (!texts.every((text) => typeof text === "string")) throw new SchemaProblem(`${keyword} items must be string`);
  return texts;
}

function regexOf(pattern: string): LinearRegex {
  const compiled = compileRegex(pattern);
  if (compiled.kind === "refused") throw new SchemaProblem(`Invalid regex pattern '${pattern}'`);
  return compiled.regex;
}
