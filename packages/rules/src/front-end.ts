import type { Diagnostic, JsonObject } from "@acteon/core";
import type { Builtin } from "./builtins/builtin.ts";
import type { Definition } from "./ir/definition.ts";
import type { Rule } from "./ir/rule.ts";

/**
 * A rule language: text to IR, and nothing else. `parse` is pure and throws on no input whatever: bad text is data, and
 * every problem of the file is reported at once (`style.md` §6). `./conformance` proves it.
 */
export interface RuleFrontEnd {
  /** `yaml`, `cel` … */
  readonly language: string;
  /** With the dot: `.yaml`. Lower case. */
  readonly extensions: readonly string[];
  /** @param file The path that spans name; not opened. */
  parse(text: string, file: string): ParsedRules;
  /**
   * Where files refer to each other, as Rego's packages do: all files of the language, an answer for each, in order. What
   * `parse` says of a file is then what this says of it alone.
   */
  parseTogether?(files: readonly SourceText[]): readonly ParsedRules[];
  /** Functions that only this language has; their names begin with its own. */
  readonly builtins?: readonly Builtin[];
}

/** A rule language that is opened when the first file of it appears: what reads it may be large, and most folders know one. */
export interface RuleLanguage {
  /** As its front end says. */
  readonly language: string;
  /** As its front end says. */
  readonly extensions: readonly string[];
  /**
   * Once for each state of the documents that its rules read as `data.…`. What it throws is told as a problem of the files
   * that wanted it, and the next load asks again.
   */
  readonly open: (data: JsonObject) => Promise<RuleFrontEnd>;
}

export interface SourceText {
  readonly text: string;
  readonly file: string;
}

export type ParsedRules =
  | {
      readonly kind: "parsed";
      /** In source order. */
      readonly rules: readonly Rule[];
      /** What the file defines besides, whether a rule asks for it or not: it is looked at like the rules. */
      readonly definitions?: readonly Definition[];
      /** Warnings. */
      readonly diagnostics: readonly Diagnostic[];
    }
  /**
   * At least one diagnostic is an error. The rules are those that were understood, at least in part, so that what is wrong
   * in them beyond the language is told at the same time; what stands where an error is told is not looked at.
   */
  | {
      readonly kind: "rejected";
      readonly rules?: readonly Rule[];
      readonly definitions?: readonly Definition[];
      readonly diagnostics: readonly Diagnostic[];
    };
