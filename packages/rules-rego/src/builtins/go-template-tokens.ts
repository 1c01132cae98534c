/** A template is text with actions in it. */
export type TemplatePiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly tokens: readonly Token[] };

export interface Token {
  readonly kind: "name" | "field" | "variable" | "dot" | "text" | "char" | "number" | "sign";
  readonly text: string;
  /** A space stands before it: `.a .b` are two values, `.a.b` is one. */
  readonly isSpaced: boolean;
}

/** `undefined`: an action that does not end, or holds what is no token. */
export function splitTemplate(template: string): readonly TemplatePiece[] | undefined {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  let trims = false;
  for (;;) {
    const open = template.indexOf("{{", at);
    const text = template.slice(at, open === -1 ? undefined : open);
    const trimsNext = open !== -1 && /^-\s/.test(template.slice(open + 2, open + 4));
    const begun = trims ? text.trimStart() : text;
    pieces.push({ kind: "text", text: trimsNext ? begun.trimEnd() : begun });
    if (open === -1) return pieces;
    const action = readAction(template, open + (trimsNext ? 3 : 2));
    if (action === undefined) return undefined;
    if (action.tokens.length > 0) pieces.push({ kind: "action", tokens: action.tokens });
    else if (!action.isComment) return undefined;
    ({ end: at, trims } = action);
  }
}

interface ReadAction {
  readonly tokens: readonly Token[];
  readonly isComment: boolean;
  readonly end: number;
  /** The text after it loses the spaces that it begins with. */
  readonly trims: boolean;
}

function readAction(template: string, start: number): ReadAction | undefined {
  const comment = /\s*\/\*[^]*?\*\/(\s-)?\}\}/y;
  comment.lastIndex = start;
  const commented = comment.exec(template);
  if (commented !== null) {
    return { tokens: [], isComment: true, end: comment.lastIndex, trims: commented[1] !== undefined };
  }
  const tokens: Token[] = [];
  for (let at = start; at < template.length;) {
    const space = matchAt(/\s*/y, template, at);
    at += space.length;
    const end = matchAt(space === "" ? /\}\}/y : /-?\}\}/y, template, at);
    if (end !== "") return { tokens, isComment: false, end: at + end.length, trims: end.startsWith("-") };
    const token = readToken(template, at, space !== "");
    if (token === undefined) return undefined;
    tokens.push(token);
    at += token.text.length;
  }
  return undefined;
}

const kinds: readonly (readonly [Token["kind"], RegExp])[] = [
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["number", /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["text", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["char", /'(?:[^'\\\n]|\\.[^']*)'/uy],
  ["name", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["sign", /:=|[=|(),]/y],
];

function readToken(template: string, at: number, isSpaced: boolean): Token | undefined {
  for (const [kind, pattern] of kinds) {
    const text = matchAt(pattern, template, at);
    if (text !== "") return { kind, text, isSpaced };
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
