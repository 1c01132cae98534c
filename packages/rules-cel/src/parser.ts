import type { CelSource } from "./source.ts";
import { childrenOf, dottedName } from "./ast.ts";
import type { CelCall, CelConstant, CelExpr, CelList, CelLogic, CelMap, CelMessage } from "./ast.ts";
import { checkMacro, isStandard, macroOf } from "./macros.ts";
import type { Token, TokenKind } from "./token.ts";

/** Most levels of an expression: what walks over it goes down as deep. */
export const maxDepth = 200;

/** Words that the grammar keeps for itself (CEL language definition, "Syntax"). */
const reserved: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
const keywords: ReadonlySet<string> = new Set(["true", "false", "null", "in"]);

/** What other languages write, and how CEL says it. */
const foreignWords: ReadonlyMap<string, string> = new Map([
  ["=", "equality is written `==`"],
  ["and", "`and` is written `&&`"],
  ["or", "`or` is written `||`"],
  ["not", "`not` is written `!`"],
]);

/** Operators of two operands by how tightly they bind, the loosest first; all of them group to the left. */
const levels: readonly ReadonlyMap<string, string>[] = [
  new Map([..."== != < <= > >=".split(" ").map((op) => [op, `_${op}_`] as const), ["in", "@in"]]),
  new Map([
    ["+", "_+_"],
    ["-", "_-_"],
  ]),
  new Map([
    ["*", "_*_"],
    ["/", "_/_"],
    ["%", "_%_"],
  ]),
];

/** Unwinds to the nearest bracket that closes, or out of the expression. What is wrong was reported. */
class Unreadable extends Error {
  /** Nothing of the expression is worth reading on. */
  readonly isFinal: boolean;
  constructor({ isFinal = false } = {}) {
    super("unreadable");
    this.isFinal = isFinal;
  }
}

type Closing = ")" | "]" | "}";

/** A node whose depth is not known yet. */
type Unmeasured = CelExpr extends infer N ? (N extends CelExpr ? Omit<N, "depth"> : never) : never;

function operatorCall(name: string, { start, end }: Token, args: readonly CelExpr[]) {
  return { kind: "call", name, nameStart: start, nameEnd: end, target: undefined, args } as const;
}

/** `undefined`: beyond its type. */
function numberConstant(kind: TokenKind, text: string): CelConstant | undefined {
  if (kind === "double") {
    const value = Number(text);
    return Number.isFinite(value) ? { type: "double", value } : undefined;
  }
  const digits = BigInt(text.replace(/^-|[uU]$/g, "").replace(/[uU]$/, ""));
  const value = text.startsWith("-") ? -digits : digits;
  if (kind === "uint") return BigInt.asUintN(64, value) === value ? { type: "uint", value } : undefined;
  return BigInt.asIntN(64, value) === value ? { type: "int", value } : undefined;
}

/**
 * Reads expressions from tokens: the grammar of the CEL language definition, with optionals and quoted field names. A
 * mistake inside brackets leaves a hole, and reading goes on behind them.
 */
export class Parser {
  readonly #findings: CelSource;
  readonly #tokens: readonly Token[];
  #at = 0;
  /** How many rules of the grammar are being read, one inside another. */
  #nesting = 0;
  /** Made once: a stack trace for each mistake of a hostile file would take longer than reading it. */
  readonly #unreadable = new Unreadable();

  constructor(findings: CelSource, tokens: readonly Token[]) {
    this.#findings = findings;
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Is there nothing left of the rule: the next begins, or the text ends? */
  get isAtEnd(): boolean {
    return this.next.kind === "@" || this.next.kind === "end";
  }

  /** Does the next token have this kind? Then it is taken. */
  accept(kind: TokenKind): Token | undefined {
    return this.next.kind === kind ? this.take() : undefined;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** The token behind the next one. */
  get second(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  /** A whole expression, or a hole where there is none; what is wrong was reported. */
  expression(): CelExpr {
    const { start } = this.next;
    try {
      return this.#conditional();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return this.#made({ kind: "hole", start, end: Math.max(start, this.next.start) });
    }
  }

  /** Reports the next token as not what was expected. */
  unexpected(expected: string, help?: string): void {
    const { kind, text, start, end } = this.next;
    const advice = help ?? foreignWords.get(text);
    const found = kind === "end" ? "the end of the file" : `\`${this.#findings.text.slice(start, end)}\``;
    this.#findings.error({
      code: "ACT-R001",
      at: { start, end },
      summary: `expected ${expected}, found ${found}`,
      label: `expected ${expected}`,
      ...(advice !== undefined && { help: advice }),
    });
  }

  /** Goes on to the next token of a kind, or to the end. */
  skipTo(kind: TokenKind): void {
    while (this.next.kind !== kind && this.next.kind !== "end") this.#at++;
  }

  #conditional(): CelExpr {
    return this.#nested(() => {
      const condition = this.#logic("||");
      const mark = this.accept("?");
      if (mark === undefined) return condition;
      const whenTrue = this.#logic("||");
      this.#expect(":", "`:` and what it is otherwise");
      return this.#operator("_?_:_", mark, [condition, whenTrue, this.#conditional()]);
    });
  }

  #logic(op: CelLogic["op"]): CelExpr {
    const operand = (): CelExpr => (op === "||" ? this.#logic("&&") : this.#binary(0));
    const operands = [operand()];
    while (this.accept(op) !== undefined) operands.push(operand());
    const [first] = operands;
    if (operands.length === 1 && first !== undefined) return first;
    return this.#made({ kind: "logic", op, operands, start: operands[0]!.start, end: operands.at(-1)!.end });
  }

  #binary(level: number): CelExpr {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.next;
      const name = operators.get(operator.kind === "name" ? operator.text : operator.kind);
      if (name === undefined) return left;
      this.take();
      left = this.#operator(name, operator, [left, this.#binary(level + 1)]);
    }
  }

  /** Signs in even number are none. A minus in front of a number belongs to the number. */
  #unary(): CelExpr {
    const sign = this.next;
    const { kind, start } = sign;
    const isNumber = kind === "-" && (this.second.kind === "int" || this.second.kind === "double");
    if ((kind !== "!" && kind !== "-") || isNumber) return this.#member();
    let count = 0;
    while (this.accept(kind) !== undefined) count++;
    const operand = this.#member();
    if (count % 2 === 0) return operand;
    return { ...this.#operator(kind === "!" ? "!_" : "-_", sign, [operand]), start };
  }

  #member(): CelExpr {
    let expr = this.#primary();
    for (;;) {
      const dot = this.next;
      if (this.accept(".") !== undefined) {
        expr = this.#selected(expr, dot);
      } else if (this.accept("[") !== undefined) {
        const name = this.accept("?") === undefined ? "_[_]" : "_[?_]";
        const [at, close] = this.#inside("]", () => this.#conditional(), this.#hole());
        const end = close.end;
        expr = this.#made({ ...operatorCall(name, dot, [expr, at]), start: expr.start, end });
      } else {
        return expr;
      }
    }
  }

  /** Behind the dot. */
  #selected(of: CelExpr, dot: Token): CelExpr {
    const optional = this.accept("?") !== undefined;
    const { kind, text, start, end } = this.next;
    if (kind === "quoted" || (kind === "name" && !keywords.has(text))) {
      this.take();
    } else {
      this.unexpected("the name of a field", 'a name that is none in CEL is looked up in brackets, as in `map["in"]`');
      throw this.#unreadable;
    }
    if (optional) {
      const field = this.#made({ kind: "literal", type: "string", value: text, start, end });
      return this.#operator("_?._", dot, [of, field]);
    }
    if (kind === "name" && this.accept("(") !== undefined) return this.#called(text, start, end, of);
    return this.#made({ kind: "select", of, field: text, fieldStart: start, start: of.start, end });
  }

  /** Behind the opening parenthesis. */
  #called(name: string, nameStart: number, nameEnd: number, target: CelExpr | undefined): CelExpr {
    const [args, close] = this.#inside(")", () => this.#listed(")", () => this.#conditional(), false), []);
    const start = target?.start ?? nameStart;
    const call = { kind: "call", name, nameStart, nameEnd, target, args, start, end: close.end } as const;
    const made = this.#made(call) as CelCall;
    const macro = macroOf(made);
    if (macro !== undefined && isStandard(macro)) checkMacro(this.#findings, macro, made);
    return made;
  }

  #primary(): CelExpr {
    const token = this.next;
    const { kind, text, start } = token;
    switch (kind) {
      case "(": {
        this.take();
        return this.#inside(")", () => this.#conditional(), this.#hole())[0];
      }
      case "[":
        return this.#list();
      case "{":
        return this.#map();
      case ".":
      case "name":
        return this.#named();
      case "string":
        return this.#literal(this.take(), { type: "string", value: text });
      case "bytes":
        return this.#literal(this.take(), { type: "bytes", value: token.bytes ?? new Uint8Array() });
      case "-": {
        this.take();
        return { ...this.#number(this.take(), "-"), start };
      }
      case "int":
      case "uint":
      case "double":
        return this.#number(this.take(), "");
      default:
        this.unexpected("an expression");
        throw this.#unreadable;
    }
  }

  /** A name, a global call, a message literal, or one of the words `true`, `false`, `null`. */
  #named(): CelExpr {
    const { start } = this.next;
    const dot = this.accept(".") === undefined ? "" : ".";
    const token = this.next;
    const { text, end } = token;
    if (token.kind !== "name" || text === "in" || (dot !== "" && keywords.has(text))) {
      this.unexpected(dot === "" ? "an expression" : "a name");
      throw this.#unreadable;
    }
    this.take();
    if (text === "true" || text === "false") return this.#literal(token, { type: "bool", value: text === "true" });
    if (text === "null") return this.#literal(token, { type: "null", value: null });
    if (this.accept("(") !== undefined) return this.#called(dot + text, start, end, undefined);
    const name = this.#made({ kind: "name", name: dot + text, start, end });
    const message = this.#message(name);
    if (message !== undefined) return message;
    if (reserved.has(text)) {
      this.#findings.error({
        code: "ACT-R001",
        at: token,
        summary: `\`${text}\` is a word that CEL keeps for itself`,
        label: "not a name",
      });
    }
    return name;
  }

  /** `a.b.C{…}`, told from a selection by the brace behind the names. */
  #message(name: CelExpr): CelMessage | undefined {
    let ahead = this.#at;
    while (this.#tokens[ahead]?.kind === "." && this.#tokens[ahead + 1]?.kind === "name") ahead += 2;
    if (this.#tokens[ahead]?.kind !== "{") return undefined;
    let of = name;
    while (this.accept(".") !== undefined) {
      const { text, start, end } = this.take();
      of = this.#made({ kind: "select", of, field: text, fieldStart: start, start: of.start, end });
    }
    this.take();
    const [fields, close] = this.#inside("}", () => this.#listed("}", () => this.#messageField(), true), []);
    const names = dottedName(of) ?? [];
    const made = { kind: "message", name: names.join("."), fields, start: of.start, end: close.end } as const;
    return this.#made(made) as CelMessage;
  }

  #messageField(): CelMessage["fields"][number] {
    const optional = this.accept("?") !== undefined;
    const { kind, text } = this.next;
    if (kind !== "quoted" && (kind !== "name" || keywords.has(text))) {
      this.unexpected("the name of a field");
      throw this.#unreadable;
    }
    this.take();
    this.#expect(":", "`:` and the value of the field");
    return { name: text, value: this.#conditional(), optional };
  }

  #list(): CelExpr {
    const { start } = this.take();
    const item = (): CelList["items"][number] => {
      const optional = this.accept("?") !== undefined;
      return { value: this.#conditional(), optional };
    };
    const [items, close] = this.#inside("]", () => this.#listed("]", item, true), []);
    return this.#made({ kind: "list", items, start, end: close.end });
  }

  #map(): CelExpr {
    const { start } = this.take();
    const entry = (): CelMap["entries"][number] => {
      const optional = this.accept("?") !== undefined;
      const key = this.#conditional();
      this.#expect(":", "`:` and the value of the key");
      return { key, value: this.#conditional(), optional };
    };
    const [entries, close] = this.#inside("}", () => this.#listed("}", entry, true), []);
    return this.#made({ kind: "map", entries, start, end: close.end });
  }

  /** Items with commas between them, up to the closing bracket, which is left. */
  #listed<T>(close: TokenKind, item: () => T, trailingComma: boolean): readonly T[] {
    const items: T[] = [];
    if (trailingComma && this.next.kind === "," && this.second.kind === close) this.take();
    while (this.next.kind !== close) {
      items.push(item());
      if (this.accept(",") === undefined) break;
      if (this.next.kind === close && !trailingComma) {
        this.unexpected("an argument");
        throw this.#unreadable;
      }
    }
    return items;
  }

  /**
   * What stands in brackets, and the closing one. After a mistake in them reading goes on behind the closing bracket,
   * where there is one, with `instead`: the mistake does not hide those in the rest.
   */
  #inside<T>(close: Closing, read: () => T, instead: T): readonly [T, Token] {
    try {
      return [read(), this.#expect(close, `\`${close}\``)];
    } catch (error) {
      const at = error instanceof Unreadable && !error.isFinal ? this.#placeOf(close) : undefined;
      if (at === undefined) throw error;
      this.#at = at;
      return [instead, this.take()];
    }
  }

  /** Where the closing bracket of the innermost open one is, if there is one in this rule. */
  #placeOf(close: Closing): number | undefined {
    let open = 0;
    for (let at = this.#at; ; at++) {
      const { kind } = this.#tokens[at]!;
      if (kind === "end" || kind === "@") return undefined;
      if (kind === "(" || kind === "[" || kind === "{") open++;
      if (kind !== ")" && kind !== "]" && kind !== "}") continue;
      if (open === 0) return kind === close ? at : undefined;
      open--;
    }
  }

  #number({ kind, text, start, end }: Token, sign: "-" | ""): CelExpr {
    const constant = numberConstant(kind, sign + text);
    if (constant !== undefined) return this.#made({ kind: "literal", ...constant, start, end });
    this.#findings.error({
      code: "ACT-R007",
      at: { start, end },
      summary: `out_of_range: \`${sign}${text}\` does not fit`,
      label: kind === "double" ? "larger than any double" : `not ${kind === "int" ? "an int" : "a uint"} of 64 bits`,
    });
    return this.#made({ kind: "literal", type: "int", value: 0n, start, end });
  }

  #literal({ start, end }: Token, constant: CelConstant): CelExpr {
    return this.#made({ kind: "literal", ...constant, start, end });
  }

  #operator(name: string, at: Token, args: readonly CelExpr[]): CelExpr {
    return this.#made({ ...operatorCall(name, at, args), start: args[0]!.start, end: args.at(-1)!.end });
  }

  #expect(kind: TokenKind, expected: string): Token {
    const token = this.accept(kind);
    if (token !== undefined) return token;
    this.unexpected(expected);
    throw this.#unreadable;
  }

  /** With its depth; one that is too deep is reported and given up. */
  #made(fields: Unmeasured): CelExpr {
    const expr = { ...fields, depth: 1 } as CelExpr;
    const below = childrenOf(expr).reduce((most, { depth }) => Math.max(most, depth), 0);
    if (below >= maxDepth) throw this.#tooDeep();
    return { ...expr, depth: below + 1 };
  }

  #nested<T>(read: () => T): T {
    if (this.#nesting >= maxDepth) throw this.#tooDeep();
    this.#nesting++;
    try {
      return read();
    } finally {
      this.#nesting--;
    }
  }

  #hole(): CelExpr {
    return this.#made({ kind: "hole", start: this.next.start, end: this.next.start });
  }

  #tooDeep(): Unreadable {
    this.#findings.error({
      code: "ACT-R002",
      at: this.next,
      summary: "the expression is nested too deeply",
      label: `more than ${maxDepth} levels`,
    });
    return new Unreadable({ isFinal: true });
  }
}
