import type { Bound } from "./config.ts";
import type { Fields } from "./schema.ts";

/** Every key of a schema that bounds something, with its value (guarantees O1). */
export function boundsOf(fields: Fields, values: Readonly<Record<string, unknown>>, path = ""): readonly Bound[] {
  return Object.entries(fields).flatMap(([name, field]): readonly Bound[] => {
    const value = values[name];
    if (field.shape === "table")
      return boundsOf(field.fields, value as Readonly<Record<string, unknown>>, `${path}${name}.`);
    if (field.shape !== "key" || field.bounds === undefined || typeof value !== "number") return [];
    return [{ key: path + name, value, bounds: field.bounds }];
  });
}
