import type { LinearRegex } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import type { Num } from "./number.ts";

/** A JSON Schema that was read: the keywords of drafts 4, 6 and 7. What is not there asks for nothing. */
export interface Schema {
  /** `true` and `false`: everything, nothing. */
  readonly always?: boolean;
  /** With a reference nothing else counts. */
  readonly ref?: () => Schema;
  readonly types?: readonly JsonType[];
  readonly enum?: readonly Value[];
  readonly const?: { readonly value: Value };

  readonly multipleOf?: Num;
  readonly minimum?: Num;
  readonly maximum?: Num;
  readonly exclusiveMinimum?: Num;
  readonly exclusiveMaximum?: Num;

  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: { readonly source: string; readonly regex: LinearRegex };
  readonly format?: string;

  readonly items?: Schema | readonly Schema[];
  readonly additionalItems?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly contains?: Schema;

  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: ReadonlyMap<string, Schema>;
  readonly patternProperties?: readonly { readonly regex: LinearRegex; readonly schema: Schema }[];
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly dependencies?: ReadonlyMap<string, Schema | readonly string[]>;

  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

export const jsonTypes = ["array", "boolean", "integer", "number", "null", "object", "string"] as const;

export type JsonType = (typeof jsonTypes)[number];
