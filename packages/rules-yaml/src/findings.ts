import { createLineIndex, spanAt } from "@acteon/core";
import type { Diagnostic, LineIndex, Span } from "@acteon/core";

/** Where something stands: UTF-16 offsets, `end` exclusive. Every `YamlNode` is one. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A `Diagnostic` in the making: places are extents of the file at hand. */
export interface Finding {
  readonly code: Diagnostic["code"];
  readonly at: Extent;
  readonly summary: string;
  readonly label?: string;
  readonly related?: { readonly at: Extent; readonly text: string };
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fix?: { readonly at: Extent; readonly text: string };
}

/** More than anybody reads; what a hostile file can make is bounded by it (guarantees O1). */
export const maxFindings = 100;

/** Everything that is wrong with one file, and the file's offsets as lines and columns. */
export class Findings {
  readonly #diagnostics: Diagnostic[] = [];
  readonly file: string;
  readonly text: string;
  readonly #lines: LineIndex;
  #errors = 0;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lines = createLineIndex(text);
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** In the order of the file. */
  sorted(): readonly Diagnostic[] {
    return this.#diagnostics.toSorted((a, b) => a.span.start.offset - b.span.start.offset);
  }

  error(finding: Finding): void {
    this.#errors++;
    this.#add("error", finding);
  }

  warning(finding: Finding): void {
    this.#add("warning", finding);
  }

  spanOf({ start, end }: Extent): Span {
    return spanAt(this.#lines, this.file, start, end);
  }

  #add(severity: Diagnostic["severity"], { at, related, fix, ...rest }: Finding): void {
    if (this.#diagnostics.length >= maxFindings) return;
    this.#diagnostics.push({
      ...rest,
      severity,
      span: this.spanOf(at),
      ...(related && { labels: [{ span: this.spanOf(related.at), text: related.text }] }),
      ...(fix && { fix: { span: this.spanOf(fix.at), text: fix.text } }),
    });
  }
}
