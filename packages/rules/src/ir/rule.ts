import type { Span } from "@acteon/core";
import type { Definitions } from "./definition.ts";
import type { Expr } from "./expr.ts";
import type { Verdict } from "./verdict.ts";

/** One rule of a file, as its front end understood it. Frozen plain data. */
export interface Rule {
  readonly kind: "rule";
  readonly name: string;
  /** Of the name in the source. */
  readonly nameSpan: Span;
  /** Of the whole rule; `span.file` and `span.start.line` are what a verdict cites. */
  readonly span: Span;
  /** Its place in the file, from 0. */
  readonly order: number;
  /** `yaml`, `cel` … */
  readonly language: string;
  /**
   * The file is of the existing YAML dialect (`wire-api.md` §26), which other programs read too: two rules of one name,
   * and a time zone that does not exist, are warnings there and errors elsewhere.
   */
  readonly legacy: boolean;
  /** Lower runs first; an integer. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** IANA name, for `time` nodes. */
  readonly timezone: string | undefined;
  /** Later work; refused by name where not empty. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  /** A condition that is an error: the dispatch fails, or the rule counts as not matched. */
  readonly onError: "fail" | "skip";
  readonly condition: Expr;
  readonly verdict: Verdict;
  /** What its expressions name: every definition of its language, not only those that it uses. */
  readonly definitions?: Definitions;
}
