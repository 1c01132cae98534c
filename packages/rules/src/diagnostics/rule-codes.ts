/**
 * What each code of a rule diagnostic means: `acteon help ACT-R004` prints it, without a server. A code never changes
 * its meaning and is never used again (`ux.md` §5).
 */
export const ruleCodes = {
  "ACT-R001": {
    title: "the file cannot be read as its language",
    text: "The text breaks the grammar of the language, so nothing in the file could be understood from there on. The caret shows where the reader gave up; the mistake is there or just before it, often a missing bracket, quote or indentation.",
  },
  "ACT-R002": {
    title: "the file is too large or nested too deeply",
    text: "Rule files are held to 1 MiB and conditions to 100 levels and 10,000 nodes, so that a single file can never stall the gateway. Split the file, or put long lists into several rules.",
  },
  "ACT-R003": {
    title: "a YAML feature that rule files do not allow",
    text: "Custom tags, merge keys, duplicate keys and more than 50 aliases are refused: they let a small file grow without bound or mean something else than it seems.",
  },
  "ACT-R004": {
    title: "an unknown field",
    text: "A key that means nothing here is a misspelling most of the time, and ignoring it would change what the rule does. In files of the condition/action dialect, which other programs read too, it is a warning.",
  },
  "ACT-R005": {
    title: "a missing field",
    text: "The rule, condition or verdict needs a field that is not there.",
  },
  "ACT-R006": {
    title: "a value of the wrong type",
    text: "For example a number where text is needed. YAML reads `yes`, `on`, `1` and `null` without quotes as something else than text: quote them.",
  },
  "ACT-R007": {
    title: "a value out of range",
    text: "For example a negative window, a limit that is not a whole number, or a priority beyond 32 bits.",
  },
  "ACT-R008": {
    title: "an unknown verdict",
    text: "The verdicts are allow, deny, deduplicate, suppress, reroute, throttle, modify and custom.",
  },
  "ACT-R009": {
    title: "an unknown operator",
    text: "The help lists the operators that this language has at this place.",
  },
  "ACT-R010": {
    title: "a condition that asks nothing",
    text: "A predicate needs at least one operator, a condition at least one predicate.",
  },
  "ACT-R011": {
    title: "two rules of one name",
    text: "Verdicts, audit records and commands name rules, so a name stands for one rule. In files of the condition/action dialect it is a warning, and calls by name reach the first rule in evaluation order.",
  },
  "ACT-R012": {
    title: "not built yet",
    text: "The rule is well-formed and asks for something that this version of Acteon does not do yet. It is refused rather than ignored.",
  },
  "ACT-R013": {
    title: "an unknown function, or one called wrongly",
    text: "The function does not exist, or takes another number of arguments.",
  },
  "ACT-R014": {
    title: "a template that cannot be read",
    text: "Between `{{` and `}}` stands a path such as `action.payload.service`.",
  },
  "ACT-R015": {
    title: "an unknown time zone",
    text: "Time zones are IANA names such as `Europe/Berlin`. In files of the condition/action dialect it is a warning, and each evaluation of a part of the time is then an error.",
  },
  "ACT-R016": {
    title: "a regular expression that is not allowed",
    text: "Patterns run in linear time (RE2 syntax: no look-around, no back-references) and are held to 1,000 characters, so that no text, however hostile, can stall the gateway.",
  },
  "ACT-R017": {
    title: "a path that a modification must not touch",
    text: "The names `__proto__`, `constructor` and `prototype` are refused in the paths and patches of `modify`, and so are empty paths.",
  },
  "ACT-R018": {
    title: "rules that reroute in a circle",
    text: "Following the reroutes from one of these providers leads back to it. Narrow a condition, or let the last one name another provider.",
  },
  "ACT-R019": {
    title: "a duration that cannot be read",
    text: "Durations read `500ms`, `30s`, `5m`, `1h30m`, `7d`.",
  },
  "ACT-R020": {
    title: "an action has no such field",
    text: "The fields of an action are those of its serialised form, such as `action.provider`, `action.action_type` and `action.payload`; what the sender put into it lies below `action.payload`. In files of the condition/action dialect, where such a field is null, it is a warning.",
  },
  "ACT-R021": {
    title: "comparing values of different types",
    text: "The two sides can never be of one type, such as a text and a number: the comparison is always false, or an error each time it runs. In files of the condition/action dialect it is a warning.",
  },
  "ACT-R022": {
    title: "not a condition",
    text: "A condition, and each operand of `and`, `or` and `not`, is true or false; this is neither.",
  },
  "ACT-R023": {
    title: "state keys that depend on one another too deeply",
    text: "A key that contains a value from the store costs one more round trip, and there are at most three.",
  },
  "ACT-R024": {
    title: "an unknown name",
    text: "The name is bound by nothing around it.",
  },
  "ACT-R025": {
    title: "no language for this file",
    text: "The file's ending belongs to none of the languages that were registered.",
  },
  "ACT-R026": {
    title: "the file or folder cannot be opened",
    text: "It does not exist, is not readable, or is not UTF-8 text.",
  },
  "ACT-R027": {
    title: "a variable without a value",
    text: "In Rego a variable gets its value from some other expression of the body; this one gets none, so that there would be endlessly many.",
  },
  "ACT-R028": {
    title: "rules that ask for each other in a circle",
    text: "The value of this rule depends on itself.",
  },
  "ACT-R029": {
    title: "rules that contradict each other",
    text: "Two rules make different kinds of document at one place, or one of them lies inside of another that has a value of its own.",
  },
  "ACT-R030": {
    title: "outside the dialect",
    text: "The language at large has this, and the dialect that rule files are written in leaves it out, because it means nothing where one action is decided at a time. The message names it, and the help says what to write instead.",
  },
  "ACT-R031": {
    title: "a rule that decides nothing",
    text: "Its name says a verdict, or nearly one, but it lies in a package whose rules decide nothing, or is misspelt. Rego rules decide in `package acteon.rules` and the packages below `acteon`, or where their METADATA says `custom.verdict`.",
  },
  "ACT-R032": {
    title: "two documents of one name",
    text: "A file under `rules.data` is read by rules as `data.` and the name of the file without its ending, so two files of one name in different folders, or with different endings, cannot be told apart.",
  },
  "ACT-R033": {
    title: "a variable that cannot be declared here",
    text: "In Rego `:=` and `some` make a variable: once in a body, before anything in it asks for the name, and not with the name of an argument or of what all rules see.",
  },
  "ACT-R034": {
    title: "a language that cannot be loaded",
    text: "The part of Acteon that reads files of this language is loaded with the first of them, and that failed: the message of the failure stands below. Until it is mended, the rules that were in force before stay so.",
  },
  "ACT-P003": {
    title: "the provider is not configured",
    text: "The rule sends actions to a provider that this gateway does not have. An action that it catches ends as an error until the provider is configured.",
  },
} as const;

export type RuleCode = keyof typeof ruleCodes;
