/** What a token is: punctuation is its own text, a literal or a name says its kind. Every keyword of DRL is a name. */
export type TokenKind =
  | "name"
  | "number"
  | "string"
  | Punctuation
  /** Means nothing in DRL, but may stand in Java, and in the texts of other things that are skipped. */
  | "stray"
  | "end";

export type Punctuation =
  | "=="
  | "!="
  | "<="
  | ">="
  | "&&"
  | "||"
  | ":="
  | "++"
  | "--"
  | "="
  | "!"
  | "<"
  | ">"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&"
  | "|"
  | "^"
  | "~"
  | "?"
  | ":"
  | ";"
  | ","
  | "."
  | "@"
  | "#"
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}";

/** Offsets in UTF-16 units, `end` exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** As it is written. */
  readonly text: string;
  /** The first of its line. */
  readonly first: boolean;
  /** Its place among the tokens. */
  readonly index: number;
  /** Of an opening bracket the place of the one that closes it, if there is one. */
  readonly partner: number | undefined;
}

/** What a file, or a statement of it, begins with. */
export const statementWords: ReadonlySet<string> = new Set([
  "package",
  "unit",
  "import",
  "global",
  "declare",
  "function",
  "query",
  "rule",
]);
