import { setOf } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

/** `type field: desc` of each error. */
function errors(document: Value, schema: Value): readonly string[] {
  const [valid, found] = call("json.match_schema", { value: document }, { properties: { value: schema } }) as readonly [
    boolean,
    readonly { readonly type: string; readonly error: string }[],
  ];
  expect(valid).toBe(found.length === 0);
  return found.map(({ type, error }) => `${type} ${error}`);
}

testCalls([
  ["json.match_schema", [{ id: 5 }, { properties: { id: { type: "integer" } }, required: ["id"] }], "[true, []]"],
  ["json.match_schema", ['{"id": 5}', '{"properties": {"id": {"type": "integer"}}}'], "[true, []]"],
  ["json.match_schema", [{ tags: setOf([1]) }, { properties: { tags: { type: "array" } } }], "[true, []]"],
  [
    "json.match_schema",
    [{ id: "foo" }, { properties: { id: { type: "integer" } } }],
    '[false, [{"desc": "Invalid type. Expected: integer, given: string", "error": "id: Invalid type. Expected: integer, given: string", "field": "id", "type": "invalid_type"}]]',
  ],
  [
    "json.match_schema",
    [{}, { required: ["id"] }],
    '[false, [{"desc": "id is required", "error": "(root): id is required", "field": "(root)", "type": "required"}]]',
  ],
  ["json.match_schema", [{}, { properties: { id: { type: "unknown" } } }], "fault"],
  ["json.match_schema", ["{", {}], "fault"],
  ["json.match_schema", [1, {}], "fault"],
  ["json.match_schema", [[1], {}], "[true, []]"],
  ["json.verify_schema", [{ type: "object" }], "[true, null]"],
  ["json.verify_schema", ['{"type": ["string", "null"]}'], "[true, null]"],
  [
    "json.verify_schema",
    [{ type: "x" }],
    '[false, "jsonschema: has a primitive type that is NOT VALID -- given: /x/ Expected valid values are:[array boolean integer number null object string]"]',
  ],
  ["json.verify_schema", [{ required: "id" }], '[false, "jsonschema: required must be of an array"]'],
  ["json.verify_schema", [{ minimum: "1" }], '[false, "jsonschema: minimum must be of a number"]'],
  ["json.verify_schema", [{ minLength: -1 }], '[false, "jsonschema: minLength must be greater than or equal to 0"]'],
  ["json.verify_schema", [{ pattern: "(" }], "[false, \"jsonschema: Invalid regex pattern '('\"]"],
  [
    "json.verify_schema",
    [{ $ref: "#/definitions/x" }],
    '[false, "jsonschema: Reference #/definitions/x must be canonical"]',
  ],
  [
    "json.verify_schema",
    [{ $ref: "https://example.com/schema" }],
    '[false, "jsonschema: Reference https://example.com/schema must be canonical"]',
  ],
  ["json.verify_schema", ["{"], '[false, "jsonschema: invalid JSON string"]'],
  ["json.verify_schema", [1], '[false, "jsonschema: wrong type, expected string or object"]'],
]);

describe("what a value does not keep to", () => {
  test.each<[string, Value, Value, readonly string[]]>([
    [
      "types",
      1.5,
      { type: ["string", "integer"] },
      ["invalid_type value: Invalid type. Expected: [string,integer], given: number"],
    ],
    ["an integer that is written with a fraction", 2, { type: "number" }, []],
    ["null", null, { type: "null" }, []],
    ["const", 2, { const: { a: 1 } }, ['const value: value does not match: {"a":1}']],
    ["enum", "c", { enum: ["a", 1] }, ['enum value: value must be one of the following: "a", 1']],
    ["multiples", 0.3, { multipleOf: 0.1 }, []],
    ["no multiples", 0.35, { multipleOf: 0.1 }, ["multiple_of value: Must be a multiple of 0.1"]],
    [
      "bounds",
      5,
      { minimum: 6, maximum: 4 },
      ["number_lte value: Must be less than or equal to 4", "number_gte value: Must be greater than or equal to 6"],
    ],
    [
      "exclusive bounds",
      5,
      { exclusiveMinimum: 5, exclusiveMaximum: 5 },
      ["number_lt value: Must be less than 5", "number_gt value: Must be greater than 5"],
    ],
    [
      "exclusive bounds of draft 4",
      5,
      { minimum: 5, exclusiveMinimum: true },
      ["number_gt value: Must be greater than 5"],
    ],
    [
      "lengths",
      "é😀",
      { minLength: 3, maxLength: 1 },
      [
        "string_gte value: String length must be greater than or equal to 3",
        "string_lte value: String length must be less than or equal to 1",
      ],
    ],
    ["a pattern", "abc", { pattern: "^b" }, ["pattern value: Does not match pattern '^b'"]],
    ["a format", "x", { format: "ipv4" }, ["format value: Does not match format 'ipv4'"]],
    ["a format that nobody knows", "x", { format: "what" }, []],
    [
      "items",
      [1, "a"],
      { items: { type: "integer" } },
      ["invalid_type value.1: Invalid type. Expected: integer, given: string"],
    ],
    [
      "items by their places",
      [1, "a"],
      { items: [{}, { type: "integer" }] },
      ["invalid_type value.1: Invalid type. Expected: integer, given: string"],
    ],
    [
      "no more items",
      [1, 2],
      { items: [{}], additionalItems: false },
      ["array_no_additional_items value: No additional items allowed on array"],
    ],
    [
      "how many items",
      [1],
      { minItems: 2, maxItems: 0 },
      [
        "array_min_items value: Array must have at least 2 items",
        "array_max_items value: Array must have at most 0 items",
      ],
    ],
    ["items that are there twice", [1, 2, 1], { uniqueItems: true }, ["unique value: array items[0,2] must be unique"]],
    [
      "an item among others",
      [1],
      { contains: { type: "string" } },
      ["contains value: At least one of the items must match"],
    ],
    [
      "how many properties",
      { a: 1 },
      { minProperties: 2, maxProperties: 0 },
      [
        "array_min_properties value: Must have at least 2 properties",
        "array_max_properties value: Must have at most 0 properties",
      ],
    ],
    [
      "other properties",
      { a: 1, b: 2 },
      { properties: { a: {} }, additionalProperties: false },
      ["additional_property_not_allowed value: Additional property b is not allowed"],
    ],
    [
      "properties by pattern",
      { x1: "a" },
      { patternProperties: { "^x": { type: "integer" } }, additionalProperties: false },
      ["invalid_type value.x1: Invalid type. Expected: integer, given: string"],
    ],
    [
      "names of properties",
      { ab: 1 },
      { propertyNames: { maxLength: 1 } },
      ['invalid_property_name value: Property name of "ab" does not match'],
    ],
    [
      "properties that need others",
      { a: 1 },
      { dependencies: { a: ["b"], b: ["c"] } },
      ["missing_dependency value: Has a dependency on b"],
    ],
    [
      "anyOf",
      1,
      { anyOf: [{ type: "string" }, { type: "null" }] },
      [
        "number_any_of value: Must validate at least one schema (anyOf)",
        "invalid_type value: Invalid type. Expected: string, given: integer",
      ],
    ],
    [
      "oneOf",
      1,
      { oneOf: [{ type: "integer" }, { minimum: 0 }] },
      ["number_one_of value: Must validate one and only one schema (oneOf)"],
    ],
    [
      "allOf",
      1,
      { allOf: [{ type: "integer" }, { minimum: 2 }] },
      ["number_all_of value: Must validate all the schemas (allOf)"],
    ],
    ["not", 1, { not: { type: "integer" } }, ["number_not value: Must not validate the schema (not)"]],
    [
      "if and then",
      1,
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of schemas
      { if: { minimum: 0 }, then: { minimum: 2 } },
      [
        'condition_then value: Must validate "then" as "if" was valid',
        "number_gte value: Must be greater than or equal to 2",
      ],
    ],
    [
      "if and else",
      -1,
      { if: { minimum: 0 }, else: { const: 0 } },
      ['condition_else value: Must validate "else" as "if" was not valid', "const value: value does not match: 0"],
    ],
    ["nothing is right", 1, false, ["false value: False always fails validation"]],
    ["everything is right", 1, true, []],
  ])("%s", (_, document, schema, expected) => {
    expect(errors(document, schema)).toEqual(expected);
  });

  test.each([
    ["date-time", "2024-02-30T00:00:00Z", false],
    ["date-time", "2024-02-29T00:00:00Z", true],
    ["date", "2024-13-01", false],
    ["time", "12:00:00Z", true],
    ["email", "a@b", true],
    ["email", "a b@c", false],
    ["hostname", "a-b.c", true],
    ["hostname", "-a.c", false],
    ["ipv6", "::1", true],
    ["uri", "a/b", false],
    ["uri-reference", "a/b", true],
    ["uuid", "00000000-0000-4000-8000-000000000000", true],
    ["regex", "(", false],
    ["json-pointer", "/a~2", false],
    ["uri-template", "/{a", false],
  ])("format %s of %s", (format, text, isValid) => {
    expect(errors(text, { format }).length === 0).toBe(isValid);
  });
});

test("schemas refer to others, and to themselves", () => {
  const schema = {
    definitions: {
      node: { properties: { next: { $ref: "#/definitions/node" }, value: { $ref: "#num" } }, required: ["value"] },
    },
    properties: { list: { $ref: "#/definitions/node" }, n: { $id: "#num", type: "integer" } },
  };
  expect(shown("json.match_schema", { list: { value: 1, next: { value: 2 } } }, schema)).toBe("[true, []]");
  const [, found] = call("json.match_schema", { list: { value: 1, next: { value: "x" } } }, schema) as readonly [
    boolean,
    readonly Value[],
  ];
  expect(found).toMatchObject([{ field: "list.next.value", type: "invalid_type" }]);
});

test("a schema that goes round in circles, or branches without end, is refused", () => {
  expect(shown("json.match_schema", {}, { $ref: "#" })).toBe("fault");
  const branching = {
    definitions: { a: { anyOf: Array.from({ length: 10 }, () => ({ not: { $ref: "#/definitions/a" } })) } },
    $ref: "#/definitions/a",
  };
  expect(shown("json.match_schema", {}, branching)).toBe("fault");
});
