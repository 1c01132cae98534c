/**
 * What each code of a finding in configuration and rule tests means: `acteon help ACT-C004` prints it, without a server. The
 * codes of rules are in `@acteon/rules`. A code never changes its meaning and is never used again (`ux.md` §5).
 */
export const findingCodes = {
  "ACT-A001": {
    title: "listening for everybody without authentication",
    text: "A gateway that other machines can reach executes what anybody sends it. Set auth.enabled, listen on a loopback address, or say --insecure-no-auth.",
  },
  "ACT-C001": {
    title: "the configuration cannot be read",
    text: "The text is no TOML. The caret shows where the reader gave up; the mistake is there or just before it.",
  },
  "ACT-C002": {
    title: "an unknown key",
    text: "A key, or a variable ACTEON_SECTION__KEY, that means nothing is a misspelling most of the time, and ignoring it would leave a default in force that somebody meant to change.",
  },
  "ACT-C003": {
    title: "a value that the key does not take",
    text: "It has another type or unit, or is out of range. The message tells what is taken.",
  },
  "ACT-C004": {
    title: "not built yet",
    text: "The key is known and asks for something that this version of Acteon does not do yet. It is refused rather than ignored.",
  },
  "ACT-C005": {
    title: "a reference to the environment that cannot be resolved",
    text: "The variable of a ${NAME} is not set and has no default, or the reference names none. Write ${NAME} or ${NAME:-default}.",
  },
  "ACT-C007": {
    title: "a missing key",
    text: "The section needs a key that is not there. A store on another machine needs its address: state.url, or state.region for DynamoDB.",
  },
  "ACT-C008": {
    title: "settings that contradict each other",
    text: "Two entries have one name, one setting rules out another, or a key means nothing beside the backend that is chosen. The message names both.",
  },
  "ACT-C010": {
    title: "a provider that cannot be set up",
    text: "There is no provider of that type, or it refuses its settings. The message says which and why.",
  },
  "ACT-T001": {
    title: "a rule test without an action",
    text: "Its action lacks a field or has a wrong value, so no rule could be asked about it. `id` and `payload` may be left out; the rest of an action's required fields may not.",
  },
} as const satisfies Readonly<Record<`ACT-${string}`, { readonly title: string; readonly text: string }>>;

export type FindingCode = keyof typeof findingCodes;
