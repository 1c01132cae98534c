import type { JsonObject } from "@acteon/core";
import type { NativeRule, Rule, RuleFrontEnd } from "@acteon/rules";
import type { Reason } from "./reasons.ts";
import { ruleLanguages } from "./rule-languages.ts";
import type { TextLanguage } from "./rule-languages.ts";
import type { OtherIr, Said, SameRule } from "./same-rule.ts";

/** A rule as one language says it. */
export interface SaidRule {
  readonly language: keyof SameRule;
  readonly rule: Rule | NativeRule;
  /** Why its IR is another one; `undefined`: it must be the same. */
  readonly because: Reason | undefined;
}

/** Reads rules of every language, which see the same configured documents. */
export class RuleReader {
  readonly #frontEnds: ReadonlyMap<TextLanguage, RuleFrontEnd>;

  constructor(data: JsonObject) {
    const languages = Object.entries(ruleLanguages) as [TextLanguage, (typeof ruleLanguages)[TextLanguage]][];
    this.#frontEnds = new Map(languages.map(([name, { createFrontEnd }]) => [name, createFrontEnd({ data })]));
  }

  /** For an engine: rules need the functions that their languages bring. */
  get frontEnds(): readonly RuleFrontEnd[] {
    return [...this.#frontEnds.values()];
  }

  /** In each language that says it. */
  read(rule: Partial<SameRule>): readonly SaidRule[] {
    const entries = Object.entries(rule) as [keyof SameRule, Said<string | Rule | NativeRule>][];
    return entries.map(([language, said]) => {
      const { says, because } = isOther(said) ? said : { says: said, because: undefined };
      if (typeof says !== "string") return { language, because, rule: says };
      const inText = language as TextLanguage; // what is said in TypeScript is no text
      const file = `${ruleLanguages[inText].preamble}${withoutIndent(says)}\n`;
      return { language, because, rule: this.parse(inText, file) };
    });
  }

  /** The one rule of a file. */
  parse(language: TextLanguage, text: string): Rule {
    const { diagnostics, ...parsed } = this.#frontEnds.get(language)!.parse(text, `rule.${language}`);
    const [only, ...others] = parsed.kind === "parsed" ? parsed.rules : [];
    if (only !== undefined && others.length === 0 && diagnostics.length === 0) return only;
    const found = diagnostics.map(({ summary, span }) => `${span.start.line}: ${summary}`);
    throw new Error(`${language}: not one rule, or with findings\n${text}\n${found.join("\n")}`);
  }
}

function isOther<T>(said: Said<T>): said is OtherIr<T> {
  return typeof said === "object" && said !== null && "because" in said;
}

/** Its lines begin where the first of them does: a comment of METADATA stands at the start of a line. */
function withoutIndent(text: string): string {
  const indent = /^\n( *)/.exec(text)?.[1] ?? "";
  return text.replaceAll(`\n${indent}`, "\n");
}
