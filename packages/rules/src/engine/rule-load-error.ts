import { ActeonError } from "@acteon/core";
import type { Diagnostic } from "@acteon/core";

/** Rules were refused; those in force before stay in force. */
export class RuleLoadError extends ActeonError {
  override readonly name = "RuleLoadError";
  readonly code = "rules_rejected";
  readonly publicMessage: string;
  /** Every problem of every file; at least one is an error. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const [first] = errors;
    const place = first === undefined ? "" : `: ${first.span.file}:${first.span.start.line}: ${first.summary}`;
    const message = `rules rejected with ${errors.length} ${errors.length === 1 ? "error" : "errors"}${place}`;
    super(message, options);
    this.publicMessage = message;
    this.diagnostics = diagnostics;
  }
}
