/**
 * Properties of the IR that say whose rules an operator follows, or where a rule comes from: of two languages that say the
 * same they may differ. What follows from them is told by `differences`.
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
