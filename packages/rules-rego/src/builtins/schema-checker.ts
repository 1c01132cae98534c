import { entriesOf, equal, identityOf, isAnyMap, typeOf, valueAt } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { jsonText } from "./json-text.ts";
import { numberIn, numberText, wholeOf } from "./number.ts";
import type { Num } from "./number.ts";
import { itemsOf } from "./rego-function.ts";
import type { RegoObject } from "./rego-function.ts";
import { isOfFormat } from "./schema-formats.ts";
import type { JsonType, Schema } from "./schema.ts";

/** What a document does not keep to, in the words of OPA's library. */
export interface SchemaError {
  readonly type: string;
  readonly field: string;
  readonly desc: string;
}

/** Most parts of a schema that are held against parts of a document. */
const maxChecks = 200_000;
/** Of schemas that refer to each other. */
const maxDepth = 200;

/** `undefined`: it cannot be told with so much work. */
export function checkSchema(document: Value, schema: Schema): readonly SchemaError[] | undefined {
  const checker = new SchemaChecker();
  const errors = checker.check(document, schema, [], 0);
  return checker.isExhausted ? undefined : errors;
}

type Path = readonly string[];

class SchemaChecker {
  #left = maxChecks;

  get isExhausted(): boolean {
    return this.#left < 0;
  }

  check(value: Value, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    if (depth > maxDepth) this.#left = -1;
    if (--this.#left < 0) return [];
    if (schema.ref !== undefined) return this.check(value, schema.ref(), path, depth + 1);
    if (schema.always === false) return [errorAt(path, "false", "False always fails validation")];
    const type = jsonTypeOf(value);
    if (
      schema.types !== undefined &&
      !schema.types.some((each) => each === type || (each === "number" && type === "integer"))
    ) {
      const expected = schema.types.length === 1 ? schema.types[0] : `[${schema.types.join(",")}]`;
      return [errorAt(path, "invalid_type", `Invalid type. Expected: ${expected}, given: ${type}`)];
    }
    const deeper = depth + 1;
    return [
      ...this.#combined(value, schema, path, deeper),
      ...this.#ofType(value, schema, path, deeper),
      ...common(value, schema, path),
      ...this.#properties(value, schema, path, deeper),
    ];
  }

  #isValid(value: Value, schema: Schema, path: Path, depth: number): boolean {
    return this.check(value, schema, path, depth).length === 0;
  }

  #combined(value: Value, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    const { allOf, anyOf, oneOf, not, dependencies } = schema;
    const errors: SchemaError[] = [];
    if (anyOf !== undefined) {
      const results = anyOf.map((each) => this.check(value, each, path, depth));
      if (results.every((result) => result.length > 0)) {
        errors.push(errorAt(path, "number_any_of", "Must validate at least one schema (anyOf)"), ...closest(results));
      }
    }
    if (oneOf !== undefined) {
      const results = oneOf.map((each) => this.check(value, each, path, depth));
      const valid = results.filter((result) => result.length === 0).length;
      if (valid !== 1) {
        const why = valid === 0 ? closest(results) : [];
        errors.push(errorAt(path, "number_one_of", "Must validate one and only one schema (oneOf)"), ...why);
      }
    }
    if (allOf !== undefined && !allOf.every((each) => this.#isValid(value, each, path, depth))) {
      errors.push(errorAt(path, "number_all_of", "Must validate all the schemas (allOf)"));
    }
    if (not !== undefined && this.#isValid(value, not, path, depth)) {
      errors.push(errorAt(path, "number_not", "Must not validate the schema (not)"));
    }
    if (dependencies !== undefined && isAnyMap(value)) {
      errors.push(...this.#dependencies(value, dependencies, path, depth));
    }
    return [...errors, ...this.#conditional(value, schema, path, depth)];
  }

  #dependencies(
    map: RegoObject,
    dependencies: NonNullable<Schema["dependencies"]>,
    path: Path,
    depth: number,
  ): readonly SchemaError[] {
    return [...dependencies].flatMap(([name, dependency]) => {
      if (valueAt(map, name) === undefined) return [];
      if (!isTexts(dependency)) return this.check(map, dependency, path, depth);
      return dependency
        .filter((needed) => valueAt(map, needed) === undefined)
        .map((needed) => errorAt(path, "missing_dependency", `Has a dependency on ${needed}`));
    });
  }

  #conditional(value: Value, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    if (schema.if === undefined) return [];
    const isMet = this.#isValid(value, schema.if, path, depth);
    const branch = isMet ? schema.then : schema.else;
    const errors = branch === undefined ? [] : this.check(value, branch, path, depth);
    if (errors.length === 0) return [];
    const first = isMet
      ? errorAt(path, "condition_then", 'Must validate "then" as "if" was valid')
      : errorAt(path, "condition_else", 'Must validate "else" as "if" was not valid');
    return [first, ...errors];
  }

  #ofType(value: Value, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    if (typeof value === "string") return ofText(value, schema, path);
    const items = itemsOf(value);
    if (items !== undefined) return this.#ofArray(items, schema, path, depth);
    if (isAnyMap(value)) return this.#ofObject(value, schema, path, depth);
    const num = numberIn(value);
    return num === undefined ? [] : ofNumber(num, schema, path);
  }

  #ofArray(items: readonly Value[], schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    const { minItems, maxItems, uniqueItems, contains } = schema;
    const errors: SchemaError[] = [...this.#items(items, schema, path, depth)];
    if (minItems !== undefined && items.length < minItems) {
      errors.push(errorAt(path, "array_min_items", `Array must have at least ${minItems} items`));
    }
    if (maxItems !== undefined && items.length > maxItems) {
      errors.push(errorAt(path, "array_max_items", `Array must have at most ${maxItems} items`));
    }
    if (uniqueItems === true) errors.push(...duplicates(items, path));
    if (
      contains !== undefined &&
      !items.some((item, i) => this.#isValid(item, contains, [...path, String(i)], depth))
    ) {
      errors.push(errorAt(path, "contains", "At least one of the items must match"));
    }
    return errors;
  }

  #items(
    values: readonly Value[],
    { items, additionalItems }: Schema,
    path: Path,
    depth: number,
  ): readonly SchemaError[] {
    if (items === undefined) return [];
    if (!isSchemas(items)) {
      return values.flatMap((value, i) => this.check(value, items, [...path, String(i)], depth));
    }
    if (additionalItems?.always === false && values.length > items.length) {
      return [errorAt(path, "array_no_additional_items", "No additional items allowed on array")];
    }
    return values.flatMap((value, i) => {
      const schema = items[i] ?? additionalItems;
      return schema === undefined ? [] : this.check(value, schema, [...path, String(i)], depth);
    });
  }

  #ofObject(map: RegoObject, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    const { minProperties, maxProperties, required = [] } = schema;
    const entries = entriesOf(map);
    const errors: SchemaError[] = [];
    if (minProperties !== undefined && entries.length < minProperties) {
      errors.push(errorAt(path, "array_min_properties", `Must have at least ${minProperties} properties`));
    }
    if (maxProperties !== undefined && entries.length > maxProperties) {
      errors.push(errorAt(path, "array_max_properties", `Must have at most ${maxProperties} properties`));
    }
    for (const name of required) {
      if (valueAt(map, name) === undefined) errors.push(errorAt(path, "required", `${name} is required`));
    }
    for (const [key, value] of entries) {
      const name = typeof key === "string" ? key : (jsonText(key) ?? "");
      errors.push(...this.#property(name, value, schema, path, depth));
    }
    return errors;
  }

  /** What is said of a property that is not described by its name. */
  #property(name: string, value: Value, schema: Schema, path: Path, depth: number): readonly SchemaError[] {
    const { properties, patternProperties = [], additionalProperties, propertyNames } = schema;
    const errors: SchemaError[] = [];
    const here = [...path, name];
    const matching = patternProperties.filter(({ regex }) => regex.search(name) === true);
    for (const pattern of matching) errors.push(...this.check(value, pattern.schema, here, depth));
    if (properties?.has(name) !== true && matching.length === 0 && additionalProperties !== undefined) {
      if (additionalProperties.always === false) {
        errors.push(errorAt(path, "additional_property_not_allowed", `Additional property ${name} is not allowed`));
      } else {
        errors.push(...this.check(value, additionalProperties, here, depth));
      }
    }
    if (propertyNames !== undefined && !this.#isValid(name, propertyNames, path, depth)) {
      errors.push(errorAt(path, "invalid_property_name", `Property name of "${name}" does not match`));
    }
    return errors;
  }

  #properties(value: Value, { properties }: Schema, path: Path, depth: number): readonly SchemaError[] {
    if (properties === undefined || !isAnyMap(value)) return [];
    return [...properties].flatMap(([name, schema]) => {
      const child = valueAt(value, name);
      return child === undefined ? [] : this.check(child, schema, [...path, name], depth);
    });
  }
}

function errorAt(path: Path, type: string, desc: string): SchemaError {
  return { type, field: path.length === 0 ? "(root)" : path.join("."), desc };
}

function isSchemas(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}

function isTexts(dependency: Schema | readonly string[]): dependency is readonly string[] {
  return Array.isArray(dependency);
}

/** Of several ways to fail that which is likeliest meant: the one with the fewest errors. */
function closest(results: readonly (readonly SchemaError[])[]): readonly SchemaError[] {
  return results.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function jsonTypeOf(value: Value): JsonType {
  const num = numberIn(value);
  if (num !== undefined) return wholeOf(num) === undefined ? "number" : "integer";
  if (itemsOf(value) !== undefined) return "array";
  const names = { null: "null", bool: "boolean", string: "string" } as const;
  return names[typeOf(value) as keyof typeof names] ?? "object";
}

function common(value: Value, schema: Schema, path: Path): readonly SchemaError[] {
  const errors: SchemaError[] = [];
  const field = path.length === 0 ? "(root)" : path.join(".");
  if (schema.const !== undefined && !equal(value, schema.const.value)) {
    errors.push(errorAt(path, "const", `${field} does not match: ${jsonText(schema.const.value)}`));
  }
  if (schema.enum !== undefined && !schema.enum.some((each) => equal(each, value))) {
    const allowed = schema.enum.map((each) => jsonText(each)).join(", ");
    errors.push(errorAt(path, "enum", `${field} must be one of the following: ${allowed}`));
  }
  if (schema.format !== undefined && typeof value === "string" && !isOfFormat(value, schema.format)) {
    errors.push(errorAt(path, "format", `Does not match format '${schema.format}'`));
  }
  return errors;
}

function ofText(value: string, { minLength, maxLength, pattern }: Schema, path: Path): readonly SchemaError[] {
  const errors: SchemaError[] = [];
  const length = Array.from(value).length;
  if (minLength !== undefined && length < minLength) {
    errors.push(errorAt(path, "string_gte", `String length must be greater than or equal to ${minLength}`));
  }
  if (maxLength !== undefined && length > maxLength) {
    errors.push(errorAt(path, "string_lte", `String length must be less than or equal to ${maxLength}`));
  }
  if (pattern !== undefined && pattern.regex.search(value) !== true) {
    errors.push(errorAt(path, "pattern", `Does not match pattern '${pattern.source}'`));
  }
  return errors;
}

function ofNumber(num: Num, schema: Schema, path: Path): readonly SchemaError[] {
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const errors: SchemaError[] = [];
  const fails = (type: string, words: string, bound: Num): void => {
    errors.push(errorAt(path, type, `Must be ${words} ${numberText(bound)}`));
  };
  if (multipleOf !== undefined && !isMultiple(num, multipleOf)) fails("multiple_of", "a multiple of", multipleOf);
  if (maximum !== undefined && num > maximum) fails("number_lte", "less than or equal to", maximum);
  if (exclusiveMaximum !== undefined && num >= exclusiveMaximum) fails("number_lt", "less than", exclusiveMaximum);
  if (minimum !== undefined && num < minimum) fails("number_gte", "greater than or equal to", minimum);
  if (exclusiveMinimum !== undefined && num <= exclusiveMinimum) fails("number_gt", "greater than", exclusiveMinimum);
  return errors;
}

/** By their decimals: 0.3 is a multiple of 0.1, which it is not as a double. */
function isMultiple(num: Num, of: Num): boolean {
  const [digits, places] = decimalsOf(num);
  const [unit, unitPlaces] = decimalsOf(of);
  const most = Math.max(places, unitPlaces);
  return (digits * 10n ** BigInt(most - places)) % (unit * 10n ** BigInt(most - unitPlaces)) === 0n;
}

function decimalsOf(num: Num): readonly [digits: bigint, places: number] {
  const [mantissa = "", exponent = "0"] = numberText(num).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? [digits * 10n ** BigInt(-places), 0] : [digits, places];
}

function duplicates(items: readonly Value[], path: Path): readonly SchemaError[] {
  const places = new Map<string, number>();
  return items.flatMap((item, i) => {
    const identity = identityOf(item);
    const before = places.get(identity);
    places.set(identity, i);
    return before === undefined ? [] : [errorAt(path, "unique", `array items[${before},${i}] must be unique`)];
  });
}
