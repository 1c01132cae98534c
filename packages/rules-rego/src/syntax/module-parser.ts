import type { Extent } from "@acteon/rules";
import type { LooseAnnotation } from "./annotations.ts";
import type { Annotation, RegoImport, RegoModule, RegoRule, Term } from "./ast.ts";
import { attachAnnotation } from "./attach-annotation.ts";
import type { AnnotatedKind } from "./attach-annotation.ts";
import { RuleParser } from "./rule-parser.ts";
import { TooManyProblems } from "./token-reader.ts";
import { isKeyword } from "./token.ts";
import type { Token } from "./token.ts";

/** `data.lib["net"]`. */
interface DottedPath {
  readonly names: readonly string[];
  /** Of the last name. */
  readonly nameExtent: Extent;
  readonly start: number;
}

/** Reads files. */
export class ModuleParser extends RuleParser {
  readonly #imports: RegoImport[] = [];
  readonly #rules: RegoRule[] = [];
  readonly #annotations: Annotation[] = [];
  /** Those that stand in front of nothing yet, the last first. */
  #loose: LooseAnnotation[] = [];
  #package: Pick<RegoModule, "package" | "packageExtent"> | undefined;

  /** `undefined`: it has no package. */
  module(annotations: readonly LooseAnnotation[]): RegoModule | undefined {
    this.#loose = annotations.toReversed();
    if (this.next.kind !== "package") this.#missingPackage();
    try {
      while (this.next.kind !== "end") this.#recovering();
      this.#annotationsFor("nothing");
    } catch (error) {
      if (!(error instanceof TooManyProblems)) throw error;
    }
    const imports = this.#imports;
    const rules = this.#rules;
    return this.#package && { ...this.#package, imports, rules, annotations: this.#annotations };
  }

  /** A term by itself. */
  term(): Term | undefined {
    try {
      const term = this.infix(true);
      if (this.next.kind !== "end") this.fail("the end");
      return term;
    } catch (error) {
      if (error !== this.unreadable && !(error instanceof TooManyProblems)) throw error;
      return undefined;
    }
  }

  /** A statement of the file. After a mistake the next one begins where a line begins as far left. */
  #recovering(): void {
    const from = this.position;
    try {
      this.#statement();
    } catch (error) {
      if (error !== this.unreadable) throw error;
      const failedAt = Math.max(this.position, from + 1);
      const indent = this.#indentOf(this.tokens.at(from));
      let at = from;
      while (at < failedAt || !this.#canBegin(this.tokens.at(at), indent)) at = this.tokens.behind(at);
      this.goTo(at);
    }
  }

  #canBegin(token: Token, indent: number): boolean {
    return token.kind === "end" || (token.startsLine && this.#indentOf(token) <= indent);
  }

  #indentOf({ start }: Token): number {
    return start - 1 - this.text.lastIndexOf("\n", start - 1);
  }

  #statement(): void {
    if (this.next.kind === "package") return this.#packageClause();
    if (this.next.kind === "import") return this.#import();
    const annotations = this.#annotationsFor("rule");
    this.#annotations.push(...annotations.filter(({ scope }) => scope !== "rule"));
    this.#rules.push(...this.rules(annotations.filter(({ scope }) => scope === "rule")));
  }

  /** Those in front of what comes next. */
  #annotationsFor(kind: AnnotatedKind): readonly Annotation[] {
    const annotations: Annotation[] = [];
    while (this.#loose.length > 0 && this.#loose.at(-1)!.end <= this.next.start) {
      const annotation = attachAnnotation(this.findings, this.#loose.pop()!, kind);
      if (annotation !== undefined) annotations.push(annotation);
    }
    return annotations;
  }

  #missingPackage(): void {
    const { start } = this.next;
    this.report({
      code: "ACT-R005",
      at: { start, end: start },
      summary: "the file does not say its package",
      label: "`package` is missing",
      help: "a file begins with its package, such as `package acteon.rules`",
    });
  }

  #packageClause(): void {
    this.#annotations.push(...this.#annotationsFor("package"));
    const opening = this.take();
    const path = this.#dottedPath("the name of the package");
    const packageExtent = { start: path.start, end: this.previousEnd };
    if (this.#package !== undefined) this.syntaxError(opening, "a file has one package");
    else this.#package = { package: path.names, packageExtent };
    this.endOfLine();
  }

  #import(): void {
    this.#annotationsFor("import");
    const { start } = this.take();
    const { names, nameExtent, start: from } = this.#dottedPath("`data.…` or `input.…`");
    const at = { start: from, end: this.previousEnd };
    const alias = this.accept("as") && this.#alias();
    const name = alias?.text ?? names.at(-1)!;
    if (names[0] === "future" || names[0] === "rego") {
      if (!changesNothing(names)) this.syntaxError(at, `there is nothing to import at \`${names.join(".")}\``);
    } else if (names[0] !== "data" && names[0] !== "input") {
      const help = "what other files define is below `data`, what is asked about is below `input`";
      this.syntaxError(at, "an import begins with `data` or `input`", { help });
    } else if (alias === undefined && isKeyword(name)) {
      const help = `give it another name: \`import ${names.join(".")} as name\``;
      this.syntaxError(at, `\`${name}\` is a keyword, and no name`, { help });
    } else {
      const extent = alias === undefined ? nameExtent : { start: alias.start, end: alias.end };
      this.#imports.push({ path: names, name, nameExtent: extent, start, end: this.previousEnd });
    }
    this.endOfLine();
  }

  #alias(): Token {
    const expected = "the name that it gets in this file";
    return this.next.startsLine ? this.fail(expected) : this.expect("name", expected);
  }

  #dottedPath(expected: string): DottedPath {
    const first = this.next;
    if (first.kind !== "name" && !isKeyword(first.kind)) this.fail(expected);
    this.take();
    const names = [first.text];
    let nameExtent = { start: first.start, end: first.end };
    for (const part of this.path()) {
      nameExtent = { start: part.start, end: part.end };
      if (part.kind === "scalar" && typeof part.value === "string") names.push(part.value);
      else if (part.kind !== "hole") this.syntaxError(part, "a path consists of names and texts");
    }
    return { names, nameExtent, start: first.start };
  }
}

/** `rego.v1`, `future.keywords` and `future.keywords.in`: what they ask for is so in Rego v1. */
function changesNothing([root, kind, keyword, ...rest]: readonly string[]): boolean {
  if (rest.length > 0) return false;
  if (root === "rego") return kind === "v1" && keyword === undefined;
  return kind === "keywords" && (keyword === undefined || ["contains", "every", "if", "in"].includes(keyword));
}
