import type { Extent } from "@acteon/rules";

/** The words that Rego v1 keeps for itself. `contains` is none: it says something in the head of a rule only. */
const keywords = [
  "as",
  "default",
  "else",
  "every",
  "false",
  "if",
  "import",
  "in",
  "not",
  "null",
  "package",
  "some",
  "true",
  "with",
] as const;

export type Keyword = (typeof keywords)[number];

const keywordSet: ReadonlySet<string> = new Set(keywords);

export function isKeyword(text: string): text is Keyword {
  return keywordSet.has(text);
}

/** What a token is: punctuation and keywords are their own text, a literal or a name says its kind. */
export type TokenKind =
  | "name"
  | "string"
  | "number"
  /** `$"…"` without a term in it. */
  | "template"
  /** `$"…{` */
  | "templateStart"
  /** `}…{` */
  | "templateMiddle"
  /** `}…"` */
  | "templateEnd"
  /** What other languages write, such as `&&`. */
  | "foreign"
  | Keyword
  | Punctuation
  | "end";

export type Punctuation =
  | ":="
  | "=="
  | "!="
  | "<="
  | ">="
  | "<"
  | ">"
  | "="
  | "|"
  | "&"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | ":"
  | ";"
  | ","
  | "."
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}";

export interface Token extends Extent {
  readonly kind: TokenKind;
  /** Of a text, and of a part of a template, what it stands for; of anything else what is written. */
  readonly text: string;
  /** Does a line end stand between it and what is in front of it? */
  readonly startsLine: boolean;
}

const literals = ["name", "string", "number", "template", "true", "false", "null"] as const;
const termBeginnings: ReadonlySet<TokenKind> = new Set([...literals, "templateStart", "(", "[", "{"] as const);
const termEnds: ReadonlySet<TokenKind> = new Set([...literals, "templateEnd", ")", "]", "}"] as const);

/** Can a term begin with it? Not with a minus, which may be an operator. */
export function beginsTerm({ kind }: Token): boolean {
  return termBeginnings.has(kind);
}

/** Can a term end with it? */
export function endsTerm({ kind }: Token): boolean {
  return termEnds.has(kind);
}
