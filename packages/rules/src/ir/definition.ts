import type { Span } from "@acteon/core";
import type { Expr } from "./expr.ts";

/**
 * What expressions refer to by name, beside rules: a document or function of Rego. None leads back to itself. Frozen plain
 * data, as rules are, and shared by the rules of a language.
 */
export interface Definition {
  readonly kind: "definition";
  /** Of a function: names that are bound in `value`. `undefined`: a document. */
  readonly params: readonly string[] | undefined;
  readonly value: Expr;
  readonly span: Span;
}

export type Definitions = Readonly<Record<string, Definition>>;
