/** A place in a text file. Lines and columns from 1; `end` is exclusive. Offsets in UTF-16 units. */
export interface Span {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/**
 * One finding in a file that a person wrote. One structure, several renderings (`ux.md` §5): `renderDiagnostic` makes
 * the framed text; JSON is the object itself.
 */
export interface Diagnostic {
  /** `ACT-R004`: never changes meaning. */
  readonly code: `ACT-${string}`;
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly span: Span;
  /** What stands at the caret. */
  readonly label?: string;
  readonly labels?: readonly { readonly span: Span; readonly text: string }[];
  readonly notes?: readonly string[];
  readonly help?: string;
  /** An edit that mends it: replace the text at `span` by `text`. */
  readonly fix?: { readonly span: Span; readonly text: string };
}
