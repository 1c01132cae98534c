/** A tree without where its nodes stand. */
export function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== "start" && key !== "end" && !key.endsWith("Extent"))
      .map(([key, value]) => [key, withoutPlaces(value)]),
  );
}
