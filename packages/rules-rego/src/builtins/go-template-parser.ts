import { parseDecimal } from "./number.ts";
import { splitTemplate } from "./go-template-tokens.ts";
import type { TemplatePiece, Token } from "./go-template-tokens.ts";

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipeline: Pipeline;
      readonly body: Block;
      readonly otherwise: Block;
    }
  | { readonly kind: "template"; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: "break" | "continue" };

export type Block = readonly TemplateNode[];

/** `$x, $y := command | command`. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: "literal"; readonly value: LiteralValue }
  | { readonly kind: "function"; readonly name: string }
  | {
      readonly kind: "value";
      readonly head: "dot" | { readonly variable: string } | Pipeline;
      readonly fields: readonly string[];
    };

/** An int, a float, a text, a boolean, or nil. */
export type LiteralValue = bigint | number | string | boolean | null;

export interface Template {
  readonly body: Block;
  /** Of `define` and `block`. */
  readonly definitions: ReadonlyMap<string, Block>;
}

/** Blocks and parentheses within each other. */
const maxDepth = 100;

/** Go's `text/template`. `undefined`: it is none. */
export function parseTemplate(template: string): Template | undefined {
  const pieces = splitTemplate(template);
  if (pieces === undefined) return undefined;
  try {
    return new TemplateParser(pieces).parse();
  } catch (error) {
    if (error instanceof NoTemplate) return undefined;
    throw error;
  }
}

/** Ends the reading; never leaves this file. */
class NoTemplate extends Error {}

class TemplateParser {
  readonly #pieces: readonly TemplatePiece[];
  readonly #definitions = new Map<string, Block>();
  #at = 0;
  #depth = 0;
  #loops = 0;

  constructor(pieces: readonly TemplatePiece[]) {
    this.#pieces = pieces;
  }

  parse(): Template {
    const { body, end } = this.#block();
    if (end !== undefined) throw new NoTemplate();
    return { body, definitions: this.#definitions };
  }

  /** Up to the `else` or `end` that closes it; `end` is that action, and is not there at the end of the template. */
  #block(): { readonly body: Block; readonly end: ActionReader | undefined } {
    if (++this.#depth > maxDepth) throw new NoTemplate();
    const body: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#at++];
      if (piece === undefined || piece.kind === "action") {
        const action = piece && new ActionReader(piece.tokens);
        if (action === undefined || action.isNamed("end") || action.isNamed("else")) {
          this.#depth--;
          return { body, end: action };
        }
        const node = this.#action(action);
        if (node !== undefined) body.push(node);
      } else {
        body.push(piece);
      }
    }
  }

  #action(action: ActionReader): TemplateNode | undefined {
    const [keyword] = ["if", "with", "range"].filter((name) => action.isNamed(name));
    if (keyword !== undefined) return this.#control(keyword as "if" | "with" | "range", action);
    for (const kind of ["break", "continue"] as const) {
      if (!action.isNamed(kind)) continue;
      if (this.#loops === 0) throw new NoTemplate();
      action.finish();
      return { kind };
    }
    if (action.isNamed("template")) return this.#call(action);
    if (action.isNamed("define") || action.isNamed("block")) return this.#definition(action);
    const pipeline = action.pipeline();
    action.finish();
    return { kind: "action", pipeline };
  }

  #control(kind: "if" | "with" | "range", action: ActionReader): TemplateNode {
    const pipeline = action.pipeline();
    action.finish();
    if (kind === "range") this.#loops++;
    const { body, end } = this.#block();
    if (kind === "range") this.#loops--;
    if (end === undefined) throw new NoTemplate();
    return { kind, pipeline, body, otherwise: end.isElse ? this.#otherwise(end) : ended(end) };
  }

  /** `else`, or `else if` and `else with`, which share its end. */
  #otherwise(action: ActionReader): Block {
    const [keyword] = ["if", "with"].filter((name) => action.isNamed(name));
    if (keyword !== undefined) return [this.#control(keyword as "if" | "with", action)];
    action.finish();
    const { body, end } = this.#block();
    if (end === undefined || end.isElse) throw new NoTemplate();
    ended(end);
    return body;
  }

  #call(action: ActionReader): TemplateNode {
    const name = action.text();
    const pipeline = action.isAtEnd ? undefined : action.pipeline();
    action.finish();
    return { kind: "template", name, pipeline };
  }

  /** A `block` is defined where it is used. */
  #definition(action: ActionReader): TemplateNode | undefined {
    const isUsed = action.keyword === "block";
    const name = action.text();
    const pipeline = isUsed ? action.pipeline() : undefined;
    action.finish();
    const { body, end } = this.#block();
    if (end === undefined || end.isElse) throw new NoTemplate();
    this.#definitions.set(name, body);
    ended(end);
    return isUsed ? { kind: "template", name, pipeline } : undefined;
  }
}

function ended(action: ActionReader): Block {
  action.finish();
  return [];
}

/** Reads what stands in one action. */
class ActionReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  keyword = "";

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  get isElse(): boolean {
    return this.#tokens[0]?.text === "else";
  }

  /** Takes the name, where it comes next. */
  isNamed(name: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "name" || token.text !== name) return false;
    this.keyword = name;
    this.#at++;
    return true;
  }

  finish(): void {
    if (!this.isAtEnd) throw new NoTemplate();
  }

  text(): string {
    const token = this.#next();
    if (token.kind !== "text") throw new NoTemplate();
    return unquoted(token.text);
  }

  pipeline(): Pipeline {
    if (++this.#depth > maxDepth) throw new NoTemplate();
    const variables = this.#variables();
    const isAssignment = variables.length > 0 && this.#tokens[this.#at - 1]!.text === "=";
    const commands = [this.#command()];
    while (this.#isSign("|")) commands.push(this.#command());
    this.#depth--;
    return { variables, isAssignment, commands };
  }

  /** Those before `:=` or `=`. */
  #variables(): readonly string[] {
    const ahead = this.#tokens
      .slice(this.#at, this.#at + 4)
      .map(({ kind, text }) => (kind === "variable" ? "$" : text));
    const count = ["$:=", "$="].includes(ahead.slice(0, 2).join(""))
      ? 1
      : ["$,$:=", "$,$="].includes(ahead.join(""))
        ? 2
        : 0;
    if (count === 0) return [];
    const names = this.#tokens.slice(this.#at, this.#at + 2 * count).filter(({ kind }) => kind === "variable");
    this.#at += 2 * count;
    return names.map(({ text }) => text);
  }

  #isSign(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text || this.#tokens[this.#at]?.kind !== "sign") return false;
    this.#at++;
    return true;
  }

  #command(): readonly Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || (token.kind === "sign" && token.text !== "(")) break;
      if (operands.length > 0 && !token.isSpaced) throw new NoTemplate();
      operands.push(this.#operand());
    }
    if (operands.length === 0) throw new NoTemplate();
    return operands;
  }

  #operand(): Operand {
    const token = this.#next();
    switch (token.kind) {
      case "text":
        return { kind: "literal", value: unquoted(token.text) };
      case "char":
        return { kind: "literal", value: BigInt(unquoted(token.text).codePointAt(0) ?? 0) };
      case "number":
        return { kind: "literal", value: numberOf(token.text) };
      case "field":
        return { kind: "value", head: "dot", fields: [token.text.slice(1), ...this.#fields()] };
      case "dot":
        return { kind: "value", head: "dot", fields: [] };
      case "variable":
        return { kind: "value", head: { variable: token.text }, fields: this.#fields() };
      case "name": {
        const literal = { true: true, false: false, nil: null }[token.text];
        return literal === undefined ? { kind: "function", name: token.text } : { kind: "literal", value: literal };
      }
      case "sign": {
        const head = this.pipeline();
        if (!this.#isSign(")")) throw new NoTemplate();
        return { kind: "value", head, fields: this.#fields() };
      }
    }
  }

  /** Those right behind, without a space. */
  #fields(): readonly string[] {
    const fields: string[] = [];
    while (this.#tokens[this.#at]?.kind === "field" && this.#tokens[this.#at]?.isSpaced === false) {
      fields.push(this.#tokens[this.#at++]!.text.slice(1));
    }
    return fields;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new NoTemplate();
    return token;
  }
}

/** An int where it is written as one. */
function numberOf(text: string): bigint | number {
  const digits = text.replaceAll("_", "");
  if (/^[+-]?(?:\d+|0[xXbBoO][\da-fA-F]+)$/.test(digits)) {
    const magnitude = BigInt(digits.replace(/^[+-]/, ""));
    return digits.startsWith("-") ? -magnitude : magnitude;
  }
  const num = parseDecimal(digits);
  if (num === undefined) throw new NoTemplate();
  return Number(num);
}

const escapes: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** A literal of Go in quotes of any kind. */
function unquoted(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith("`")) return inside;
  return inside.replaceAll(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{3})|(.))/gi,
    (_, x, u, long, octal, char) => {
      const hex = (x ?? u ?? long) as string | undefined;
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal as string, 8));
      if (hex === undefined) return escapes[char as string] ?? (char as string);
      const code = Number.parseInt(hex, 16);
      return code > 0x10_ffff ? "\ufffd" : String.fromCodePoint(code);
    },
  );
}
