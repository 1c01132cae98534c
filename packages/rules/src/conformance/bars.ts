/**
 * How many cases of each public suite must come out as they say; its name begins with the language. What
 * `npm run conformance -- rules` prints, of the suites that are still to be run, too.
 */
export const bars = {
  "cel language": 1_580,
  "cel parser": 2_493,
  "rego language": 462,
  "rego all in scope": 1_114,
  "drools parser, accepted": 130,
  "drools parser, accepted or refused by name": 180,
  "drools corpus, nothing unnamed": 476,
} as const;

/** What a language makes of the cases of a public suite. */
export interface BarResult {
  readonly suite: keyof typeof bars;
  readonly passed: number;
  readonly of: number;
  /** As `bars` has it. */
  readonly atLeast: number;
  readonly failing: readonly FailingCase[];
}

export interface FailingCase {
  readonly id: string;
  /** What came out instead. */
  readonly why: string;
}
