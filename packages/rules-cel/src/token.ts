/** What a token is: punctuation is its own text, a literal or a name says its kind. */
export type TokenKind =
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "name"
  /** A field name between backticks. */
  | "quoted"
  | Punctuation
  | "end";

export type Punctuation =
  | "=="
  | "!="
  | "<="
  | ">="
  | "&&"
  | "||"
  | "<"
  | ">"
  | "!"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "?"
  | ":"
  | "."
  | ","
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}"
  /** Of rule files, not of expressions. */
  | "@"
  | "=";

/** Offsets in UTF-16 units, `end` exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Of a name without its backticks, of a number as it is written; of a text what it stands for. */
  readonly text: string;
  /** Of bytes what they stand for. */
  readonly bytes: Uint8Array | undefined;
}
