/** Where in the source a node stands: of no account for what it means. */
const places: ReadonlySet<string> = new Set(["span", "nameSpan", "order"]);

/**
 * Do two rules, or parts of rules, say the same, wherever they stand?
 *
 * @param ignored More properties that do not count: `semantics`, `missing`, `absorbs` … between languages.
 */
export function sameIr(a: unknown, b: unknown, ignored: ReadonlySet<string> = new Set()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = propertiesOf(a, ignored);
  const right = propertiesOf(b, ignored);
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (!right.has(key) || !sameIr(value, right.get(key), ignored)) return false;
  return true;
}

function propertiesOf(value: object, ignored: ReadonlySet<string>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([key]) => !places.has(key) && !ignored.has(key)));
}
