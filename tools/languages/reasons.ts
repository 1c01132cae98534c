/** Why a language says the same by another IR than the others; as the page on rule languages has it. */
export const reasons = {
  absent: "In CEL a field that may not be there is asked for with `has(…)` first; elsewhere it needs no question.",
  asciiCase: "`lowerAscii` and `upperAscii` of CEL change ASCII letters only; elsewhere all letters have a case.",
  bigNumbers: "Numbers of Rego have no bounds, so that `abs`, `max` and their like are its own functions.",
  contains:
    "`contains` of YAML, DRL and TypeScript asks a text or a list, whichever is there; `in` of CEL and Rego asks a list.",
  existingModify: "`modify` under `action` ends the evaluation; elsewhere later rules still decide.",
  from: "`from` of DRL takes what is no list for its only element.",
  helperRules: "Rego has neither `and` nor `or` inside of an expression: a part of a condition is a rule with a name.",
  madeLists: "The builder of TypeScript makes no lists: a function does.",
  nanoseconds: "Times and durations of Rego are whole numbers of nanoseconds.",
  nullKey: "`has(…)` of CEL asks for the key, which null has, too; `exists: true`, `!= null` and `.exists()` do not.",
  printed:
    "What `sprintf` of Rego prints of a list or of null is its own; elsewhere a text with holes makes JSON of it.",
  undefinedField:
    "`not` of Rego asks whether something is undefined, so that a part of a condition is a rule with a name.",
  wholeText: "`matches` of DRL asks for a pattern of the whole text; elsewhere it may stand anywhere in it.",
} as const;

export type Reason = keyof typeof reasons;
