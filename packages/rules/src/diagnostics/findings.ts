import { createLineIndex, spanAt } from "@acteon/core";
import type { Diagnostic, LineIndex, Span } from "@acteon/core";
import type { RuleCode } from "./rule-codes.ts";

/** Where something stands in a text: UTF-16 offsets, `end` exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A `Diagnostic` in the making: places are extents of the file at hand. */
export interface PlacedFinding {
  /** `ACT-T001`: a rule test whose action is none. */
  readonly code: RuleCode | "ACT-T001";
  readonly at: Extent;
  readonly summary: string;
  readonly label?: string;
  readonly related?: { readonly at: Extent; readonly text: string };
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fix?: { readonly at: Extent; readonly text: string };
}

/** Errors, and warnings, of one file: more than anybody reads, and a bound on what a hostile file can make (guarantees O1). */
export const maxFindings = 100;

/** Everything that is wrong with one file, and the file's offsets as lines and columns. */
export class Findings {
  readonly #errors: Diagnostic[] = [];
  readonly #warnings: Diagnostic[] = [];
  readonly file: string;
  readonly text: string;
  readonly #lines: LineIndex;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lines = createLineIndex(text);
  }

  get hasErrors(): boolean {
    return this.#errors.length > 0;
  }

  /** Are there as many errors as are kept? What it takes to say more of another one is then saved. */
  get isFull(): boolean {
    return this.#errors.length >= maxFindings;
  }

  /** In the order of the file. */
  sorted(): readonly Diagnostic[] {
    return [...this.#errors, ...this.#warnings].toSorted((a, b) => a.span.start.offset - b.span.start.offset);
  }

  error(finding: PlacedFinding): void {
    if (!this.isFull) this.#errors.push(this.#diagnostic("error", finding));
  }

  warning(finding: PlacedFinding): void {
    if (this.#warnings.length < maxFindings) this.#warnings.push(this.#diagnostic("warning", finding));
  }

  spanOf({ start, end }: Extent): Span {
    return spanAt(this.#lines, this.file, start, end);
  }

  #diagnostic(severity: Diagnostic["severity"], { at, related, fix, ...rest }: PlacedFinding): Diagnostic {
    return {
      ...rest,
      severity,
      span: this.spanOf(at),
      ...(related && { labels: [{ span: this.spanOf(related.at), text: related.text }] }),
      ...(fix && { fix: { span: this.spanOf(fix.at), text: fix.text } }),
    };
  }
}
