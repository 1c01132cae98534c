import type { Extent } from "@acteon/rules";
import type { DrlSource } from "../source.ts";

/** What DRL has and the dialect leaves out, as messages call it, and what to write instead. */
const constructs = {
  oopath: ["OOPath (`/field[…]`)", "name the list with `from`, as in `Alert( … ) from $a.payload.alerts`"],
  namedConsequence: ["a named consequence (`do[…]`, `then[…]`)", "a rule has one verdict: another one is another rule"],
  conditionalBranch: [
    "a named consequence behind `if`",
    "a rule has one verdict: give each branch a rule, with `extends` for what they share",
  ],
  entryPoint: ["an entry point", "the one fact is the action: ask for its `provider`, `namespace` or `type`"],
  groupby: ["`groupby`", "`accumulate` over the elements of one list, or a `state.counter` with the group in its key"],
  unification: ["unification (`:=`)", "bind with `:`, and compare with `==`"],
  calendars: ["`calendars`", "ask for the time, as in `eval( time.hour >= 9 && time.hour < 17 )`"],
  trait: ["a trait", "declare a type"],
  functionBody: ["Java in the body of a function", "a function is one expression: `{ return …; }`"],
  accumulateBody: [
    "Java in `accumulate` (`init`, `action`, `reverse`, `result`)",
    "functions are count, sum, average, min, max, collectList and collectSet, as in `$n : count()`",
  ],
  template: ["a rule template", "generate the rules from it first"],
  expander: ["a domain-specific language (`expander`)", "write the rules in DRL"],
} as const;

export type Construct = keyof typeof constructs;

/** Refuses a construct, by its name and at its place. */
export function refuse(source: DrlSource, construct: Construct, at: Extent): void {
  const [name, help] = constructs[construct];
  refuseNamed(source, name, at, help);
}

export function refuseNamed(source: DrlSource, name: string, at: Extent, help?: string): void {
  source.error({
    code: "ACT-R030",
    at,
    summary: `${name} is outside the dialect`,
    label: "not in the dialect of rule files",
    ...(help !== undefined && { help }),
  });
}
