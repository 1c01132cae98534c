import type { Annotation, Body, ElseBranch, RefTerm, RegoRule, RuleHead, Term } from "./ast.ts";
import { BodyParser } from "./body-parser.ts";
import { bracesAreTerm } from "./bracket-meaning.ts";
import { defaultProblems } from "./default-rule.ts";
import type { Token } from "./token.ts";
import { bareHead, missingIf } from "./v0-forms.ts";

const elseWords = /^els?e?_?if$/i;

/** Reads rules. */
export class RuleParser extends BodyParser {
  /** A rule, or several of one head: each of the bodies that follow one another makes one. */
  rules(annotations: readonly Annotation[]): readonly RegoRule[] {
    const { start } = this.next;
    const isDefault = this.accept("default") !== undefined;
    const head = this.#head();
    if (isDefault) {
      for (const problem of defaultProblems(head)) this.report(problem);
      this.endOfLine();
      return [{ head, isDefault, body: undefined, elses: [], annotations, start, end: this.previousEnd }];
    }
    const body = this.#ruleBody(head);
    if (body === undefined && head.value === undefined && head.key === undefined) this.#bareHead(head);
    const elses = body === undefined ? [] : this.#elses(head);
    const first = { head, isDefault, body, elses, annotations, start, end: this.previousEnd };
    const rules: RegoRule[] = [first];
    while (body !== undefined && this.next.kind === "{") {
      const at = this.next;
      if (elses.length > 0) this.syntaxError(at, "a rule with `else` has one body", { help: "write `else if { … }`" });
      rules.push({ ...first, elses: [], body: this.braced(), start: at.start, end: this.previousEnd });
    }
    this.endOfLine();
    return rules;
  }

  #head(): RuleHead {
    const name = this.expect("name", "the name of a rule");
    const { start } = name;
    const ref = this.#headReference(name);
    const args = this.#suffixFollows("(") ? this.args().args : undefined;
    const { key, value } = this.#keyOrValue(args !== undefined);
    return { ref, args, key, value, start, end: this.previousEnd };
  }

  #headReference(name: Token): RefTerm {
    const head = this.variable(name);
    const path: Term[] = [];
    // OPA lets a blank stand behind the name in a head, and nowhere else.
    if (this.#suffixFollows("[")) path.push(this.inside(() => this.infix(true), this.hole(this.next))[0]);
    path.push(...this.path());
    return this.reference(head, path);
  }

  #suffixFollows(kind: "[" | "("): boolean {
    return this.next.kind === kind && !this.next.startsLine;
  }

  #keyOrValue(isFunction: boolean): Pick<RuleHead, "key" | "value"> {
    const { kind, text } = this.next;
    const second = this.tokens.at(this.position + 1);
    const isReferenced = second.kind === "." && second.start === this.next.end;
    if (kind === "name" && text === "contains" && !isReferenced) {
      const contains = this.take();
      if (isFunction)
        this.syntaxError(contains, "a function has no members", { help: "a function has a value: `f(x) := …`" });
      return { key: this.infix(true), value: undefined };
    }
    if (this.accept(":=") === undefined && this.accept("=") === undefined) return { key: undefined, value: undefined };
    return { key: undefined, value: this.infix(true) };
  }

  /** `undefined`: it has none. */
  #ruleBody(head: RuleHead): Body | undefined {
    if (this.accept("if") !== undefined) return this.#bodyBehindIf();
    if (this.next.kind !== "{") return undefined;
    this.report(missingIf(this.text, head, head.start, this.next));
    return this.braced();
  }

  #bodyBehindIf(): Body {
    return this.next.kind === "{" && !bracesAreTerm(this.tokens, this.position) ? this.braced() : [this.statement()];
  }

  #elses(head: RuleHead): readonly ElseBranch[] {
    const branches: ElseBranch[] = [];
    for (;;) {
      const opening = this.#acceptElse();
      if (opening === undefined) return branches;
      this.#checkElse(opening, head);
      const branch = this.#elseBranch(opening);
      branches.push(branch);
      if (branch.body === undefined) return branches;
    }
  }

  #acceptElse(): Token | undefined {
    if (this.next.kind === "else") return this.take();
    const { kind, start, end, text, startsLine } = this.next;
    if (kind !== "name" || startsLine || !elseWords.test(text)) return undefined;
    const at = { start, end };
    this.report({
      code: "ACT-R001",
      at,
      summary: `\`${text}\` means nothing in Rego`,
      help: "write `else if`",
      fix: { at, text: "else if" },
    });
    return this.take();
  }

  #checkElse(opening: Token, head: RuleHead): void {
    const isGround = head.ref.path.every(({ kind }) => kind === "scalar" || kind === "hole");
    if (head.key !== undefined) {
      this.syntaxError(opening, "a rule with `contains` has no `else`", {
        help: "write a second rule of the same name",
      });
    } else if (!isGround) {
      this.syntaxError(opening, "a rule with variables in its name has no `else`", {
        help: "write a second rule of the same name",
      });
    }
  }

  #elseBranch(opening: Token): ElseBranch {
    const sign = this.accept(":=") ?? this.accept("=");
    const value = sign === undefined ? undefined : this.infix(true);
    let body: Body | undefined;
    if (this.accept("if") !== undefined) {
      body = this.next.kind === "{" ? this.braced() : [this.statement()];
    } else if (this.next.kind === "{") {
      if (opening.kind === "else") this.report(missingIf(this.text, { value }, opening.start, this.next));
      body = this.braced();
    } else if (value === undefined) {
      this.fail("`if`, or `:=` and a value", "write `else := value`, `else if { … }` or `else := value if { … }`");
    }
    return { value, body, start: opening.start, end: this.previousEnd };
  }

  #bareHead(head: RuleHead): void {
    if (this.next.kind !== "end" && !this.next.startsLine) this.fail("`if`, `:=` or `contains`");
    this.report(bareHead(this.text, head));
  }
}
