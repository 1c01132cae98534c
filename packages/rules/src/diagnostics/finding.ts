import type { Diagnostic, Span } from "@acteon/core";
import type { RuleCode } from "./rule-codes.ts";

/** What a diagnostic says besides its code and place. */
export type Finding = Omit<Diagnostic, "code" | "severity" | "span">;

export function errorAt(code: RuleCode, span: Span, finding: Finding): Diagnostic {
  return { code, severity: "error", span, ...finding };
}

export function warningAt(code: RuleCode, span: Span, finding: Finding): Diagnostic {
  return { code, severity: "warning", span, ...finding };
}

/** A help that names what was probably meant; nothing where nothing is near. */
export function didYouMean(near: string | undefined): Pick<Diagnostic, "help"> {
  return near === undefined ? {} : { help: `did you mean \`${near}\`?` };
}
