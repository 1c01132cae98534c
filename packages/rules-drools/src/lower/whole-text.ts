import { compileRegex, literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";

/** A pattern that matches a whole text, as in Java, from one that is looked for anywhere in it. */
export function wholeText(pattern: Expr): Expr {
  const { span } = pattern;
  if (pattern.kind !== "literal" || pattern.type !== "string") {
    return node({
      kind: "template",
      parts: [literal("^(?:", span), pattern, literal(")$", span)],
      ofNull: "empty",
      span,
    });
  }
  const { value } = pattern;
  // One that is wrong stays as it is, so that it is refused as it was written, and not made right by what is around it.
  if (value.includes(")") && compileRegex(value).kind === "refused") return pattern;
  // Brackets are left out where they change nothing, so that a plain text stays one.
  return literal(value.includes("|") ? `^(?:${value})$` : `^${value}$`, span);
}
