import type { Diagnostic, JsonObject } from "@acteon/core";
import type { NativeRule, Rule, RuleFrontEnd } from "@acteon/rules";
import { ruleLanguages } from "./rule-languages.ts";
import type { OtherIr, Said, SameRule } from "./same-rule.ts";

/** A rule as one language says it. */
export interface SaidRule {
  readonly language: keyof SameRule;
  readonly rule: Rule | NativeRule;
  /** Why its IR is another one; `undefined`: it must be the same. */
  readonly because: string | undefined;
}

/** Reads rules of every language, which see the same configured documents. */
export class SaidRules {
  /** For an engine: it needs the functions that they bring with them. */
  readonly frontEnds: readonly RuleFrontEnd[];
  readonly #frontEnds: ReadonlyMap<keyof SameRule, RuleFrontEnd>;

  constructor(data: JsonObject) {
    this.#frontEnds = new Map(
      Object.entries(ruleLanguages).map(([name, { createFrontEnd }]) => [
        name as keyof typeof ruleLanguages,
        createFrontEnd({ data }),
      ]),
    );
    this.frontEnds = [...this.#frontEnds.values()];
  }

  /** In each language that says it. */
  read(rule: Partial<SameRule>): readonly SaidRule[] {
    return Object.entries(rule).map(([name, said]) => {
      const language = name as keyof SameRule;
      const { says, because } = opened(said as Said<string | Rule | NativeRule>);
      return { language, because, rule: typeof says === "string" ? this.#parsed(language, says) : says };
    });
  }

  #parsed(language: keyof SameRule, text: string): Rule {
    const { preamble } = ruleLanguages[language as keyof typeof ruleLanguages];
    const parsed = this.#frontEnds.get(language)!.parse(`${preamble}${withoutIndent(text)}\n`, `rule.${language}`);
    const [only, ...others] = parsed.kind === "parsed" ? parsed.rules : [];
    if (only === undefined || others.length > 0 || parsed.diagnostics.length > 0) {
      throw new Error(`${language}: not one rule without a finding\n${text}\n${told(parsed.diagnostics)}`);
    }
    return only;
  }
}

function opened<T>(said: Said<T>): { readonly says: T; readonly because: string | undefined } {
  const isOther = typeof said === "object" && said !== null && "because" in said;
  return isOther ? (said as OtherIr<T>) : { says: said as T, because: undefined };
}

/** Its lines begin where the first of them does: a comment of METADATA stands at the start of a line. */
function withoutIndent(text: string): string {
  const indent = /^\n( *)/.exec(text)?.[1] ?? "";
  return text.replaceAll(`\n${indent}`, "\n");
}

function told(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ summary, span }) => `${span.start.line}: ${summary}`).join("\n");
}
