/**
 * Properties of the IR that say whose rules an operator follows, or where a rule comes from: what does not count when two
 * languages say the same.
 */
export const semanticProperties: ReadonlySet<string> = new Set([
  "semantics",
  "missing",
  "absorbs",
  "ofNull",
  "keys",
  "valueOfMap",
  "language",
  "legacy",
  "definitions",
]);
