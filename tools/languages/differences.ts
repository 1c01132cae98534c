import type { JsonObject } from "@acteon/core";
import { duration, field, rule, seen, text, timeSince } from "@acteon/rules-native";
import type { Condition } from "@acteon/rules-native";
import type { TextLanguage } from "./rule-languages.ts";
import type { SameRule } from "./same-rule.ts";

/** What becomes of a condition: it holds, it does not, or it is an error, and the dispatch fails. */
export type Holds = "yes" | "no" | "error";

/** The same question, written in each language, that languages answer differently. */
export interface Difference {
  /** As the page on rule languages has it. */
  readonly says: string;
  readonly payload: JsonObject;
  /** Conditions: under `when` or `condition`, an expression of CEL, a body of Rego, constraints of an `Action`. */
  readonly asks: Readonly<Partial<Record<TextLanguage, string>> & { readonly native: Condition }>;
  readonly answers: Readonly<Partial<Record<keyof SameRule, Holds>>>;
}

const severity = field("action.payload.severity");
const amount = field("action.payload.amount");

export const differences: readonly Difference[] = [
  {
    says: 'a field that is not there `== "info"`',
    payload: {},
    asks: {
      yaml: "{ field: action.payload.severity, equals: info }",
      legacy: "{ field: action.payload.severity, eq: info }",
      cel: 'action.payload.severity == "info"',
      rego: 'input.action.payload.severity == "info"',
      drools: 'payload.severity == "info"',
      native: severity.equals("info"),
    },
    answers: { yaml: "no", legacy: "no", cel: "error", rego: "no", drools: "no", native: "no" },
  },
  {
    says: 'a field that is not there `!= "info"`',
    payload: {},
    asks: {
      yaml: "{ field: action.payload.severity, not_equals: info }",
      legacy: "{ field: action.payload.severity, ne: info }",
      cel: 'action.payload.severity != "info"',
      rego: 'input.action.payload.severity != "info"',
      drools: 'payload.severity != "info"',
      native: severity.notEquals("info"),
    },
    answers: { yaml: "yes", legacy: "yes", cel: "error", rego: "no", drools: "yes", native: "yes" },
  },
  {
    says: 'not (a field that is not there `== "info"`)',
    payload: {},
    asks: {
      yaml: "{ not: { field: action.payload.severity, equals: info } }",
      legacy: "{ not: { field: action.payload.severity, eq: info } }",
      cel: '!(action.payload.severity == "info")',
      rego: 'not input.action.payload.severity == "info"',
      drools: '!(payload.severity == "info")',
      native: severity.equals("info").not(),
    },
    answers: { yaml: "yes", legacy: "yes", cel: "error", rego: "yes", drools: "yes", native: "yes" },
  },
  {
    says: 'a field below one that is not there `== "eu"`',
    payload: {},
    asks: {
      yaml: "{ field: action.payload.host.region, equals: eu }",
      legacy: "{ field: action.payload.host.region, eq: eu }",
      cel: 'action.payload.host.region == "eu"',
      rego: 'input.action.payload.host.region == "eu"',
      drools: 'payload.host.region == "eu"',
      native: field("action.payload.host.region").equals("eu"),
    },
    answers: { yaml: "no", legacy: "error", cel: "error", rego: "no", drools: "no", native: "no" },
  },
  {
    says: "null `< 5`",
    payload: { amount: null },
    asks: {
      yaml: "{ field: action.payload.amount, less_than: 5 }",
      legacy: "{ field: action.payload.amount, lt: 5 }",
      cel: "action.payload.amount < 5",
      rego: "input.action.payload.amount < 5",
      drools: "payload.amount < 5",
      native: amount.lessThan(5),
    },
    answers: { yaml: "no", legacy: "error", cel: "error", rego: "yes", drools: "no", native: "no" },
  },
  {
    says: "null, asked whether it is there",
    payload: { note: null },
    asks: {
      yaml: "{ field: action.payload.note, exists: true }",
      cel: "has(action.payload.note)",
      rego: "input.action.payload.note",
      drools: "payload.note != null",
      native: field("action.payload.note").exists(),
    },
    answers: { yaml: "no", cel: "yes", rego: "yes", drools: "no", native: "no" },
  },
  {
    says: 'the text `"5"` `== 5`',
    payload: { amount: "5" },
    asks: {
      yaml: "{ field: action.payload.amount, equals: 5 }",
      legacy: "{ field: action.payload.amount, eq: 5 }",
      cel: "action.payload.amount == 5",
      rego: "input.action.payload.amount == 5",
      drools: "payload.amount == 5",
      native: amount.equals(5),
    },
    answers: { yaml: "no", legacy: "no", cel: "no", rego: "no", drools: "yes", native: "no" },
  },
  {
    says: 'the text `"4"` `> 5`',
    payload: { amount: "4" },
    asks: {
      yaml: "{ field: action.payload.amount, greater_than: 5 }",
      legacy: "{ field: action.payload.amount, gt: 5 }",
      cel: "action.payload.amount > 5",
      rego: "input.action.payload.amount > 5",
      drools: "payload.amount > 5",
      native: amount.greaterThan(5),
    },
    answers: { yaml: "error", legacy: "error", cel: "error", rego: "yes", drools: "no", native: "error" },
  },
  {
    says: "a map `==` the same map",
    payload: { host: { name: "db-1" } },
    asks: {
      yaml: "{ field: action.payload.host, equals: { name: db-1 } }",
      legacy: "{ field: action.payload.host, eq: { name: db-1 } }",
      cel: 'action.payload.host == {"name": "db-1"}',
      rego: 'input.action.payload.host == {"name": "db-1"}',
      drools: 'payload.host == ["name": "db-1"]',
      native: field("action.payload.host").equals({ name: "db-1" }),
    },
    answers: { yaml: "yes", legacy: "no", cel: "yes", rego: "yes", drools: "yes", native: "yes" },
  },
  {
    says: 'a number that starts with `"4"`',
    payload: { amount: 49 },
    asks: {
      yaml: '{ field: action.payload.amount, starts_with: "4" }',
      legacy: '{ field: action.payload.amount, starts_with: "4" }',
      cel: 'action.payload.amount.startsWith("4")',
      rego: 'startswith(input.action.payload.amount, "4")',
      drools: 'payload.amount str[startsWith] "4"',
      native: amount.startsWith("4"),
    },
    answers: { yaml: "error", legacy: "error", cel: "error", rego: "no", drools: "error", native: "error" },
  },
  {
    says: "an error or what holds",
    payload: { amount: "many", urgent: true },
    asks: {
      yaml: "{ any: [{ field: action.payload.amount, less_than: 5 }, { field: action.payload.urgent, equals: true }] }",
      legacy: "{ any: [{ field: action.payload.amount, lt: 5 }, { field: action.payload.urgent, eq: true }] }",
      cel: "action.payload.amount < 5 || action.payload.urgent == true",
      drools: "payload.amount < 5 || payload.urgent == true",
      native: amount.lessThan(5).or(field("action.payload.urgent").equals(true)),
    },
    answers: { yaml: "error", legacy: "error", cel: "yes", drools: "error", native: "error" },
  },
  {
    says: "`5 / 2 == 2`, of whole numbers",
    payload: { amount: 5 },
    asks: {
      yaml: "{ expr: action.payload.amount / 2 == 2 }",
      cel: "action.payload.amount / 2 == 2",
      rego: "input.action.payload.amount / 2 == 2",
      drools: "payload.amount / 2 == 2",
      native: amount.dividedBy(2).equals(2),
    },
    answers: { yaml: "yes", cel: "yes", rego: "no", drools: "yes", native: "yes" },
  },
  {
    says: "`5 / 0 == 0`",
    payload: { amount: 5 },
    asks: {
      yaml: "{ expr: action.payload.amount / 0 == 0 }",
      cel: "action.payload.amount / 0 == 0",
      rego: "input.action.payload.amount / 0 == 0",
      drools: "payload.amount / 0 == 0",
      native: amount.dividedBy(0).equals(0),
    },
    answers: { yaml: "error", cel: "error", rego: "no", drools: "error", native: "error" },
  },
  {
    says: "all of a list that is not there",
    payload: {},
    asks: {
      yaml: "{ expr: 'action.payload.items.all(item, item > 5)' }",
      cel: "action.payload.items.all(item, item > 5)",
      rego: "every item in input.action.payload.items { item > 5 }",
      native: field("action.payload.items").every("item", (item) => item.greaterThan(5)),
    },
    answers: { yaml: "error", cel: "error", rego: "no", native: "yes" },
  },
  {
    says: 'the pattern `b`, in `"abc"`',
    payload: { text: "abc" },
    asks: {
      yaml: "{ field: action.payload.text, matches: b }",
      legacy: "{ field: action.payload.text, matches: b }",
      cel: 'action.payload.text.matches("b")',
      rego: 'regex.match("b", input.action.payload.text)',
      drools: 'payload.text matches "b"',
      native: field("action.payload.text").matches("b"),
    },
    answers: { yaml: "yes", legacy: "yes", cel: "yes", rego: "yes", drools: "no", native: "yes" },
  },
  {
    says: '`"Ä"` in lower case `== "ä"`',
    payload: { text: "Ä" },
    asks: {
      yaml: `{ expr: 'action.payload.text.lowerAscii() == "ä"' }`,
      cel: 'action.payload.text.lowerAscii() == "ä"',
      rego: 'lower(input.action.payload.text) == "ä"',
      drools: 'payload.text.toLowerCase() == "ä"',
      native: field("action.payload.text").lower().equals("ä"),
    },
    answers: { yaml: "no", cel: "no", rego: "yes", drools: "yes", native: "yes" },
  },
  {
    says: "a key with null in it",
    payload: { service: null },
    asks: {
      yaml: '{ state.seen: { key: "{{ action.payload.service }}:down" } }',
      cel: 'state.seen(action.payload.service + ":down")',
      rego: 'state.seen(sprintf("%s:down", [input.action.payload.service]))',
      drools: 'state.seen(payload.service + ":down")',
      native: seen(text`${field("action.payload.service")}:down`),
    },
    answers: { yaml: "error", cel: "error", rego: "no", drools: "error", native: "error" },
  },
  {
    says: "how long ago what never was, `< 5m`",
    payload: {},
    asks: {
      yaml: `{ expr: 'state.time_since("never") < duration("5m")' }`,
      cel: 'state.time_since("never") < duration("5m")',
      rego: 'state.time_since("never") < 300000000000',
      drools: 'state.timeSince("never") < "5m"',
      native: timeSince("never").lessThan(duration("5m")),
    },
    answers: { yaml: "error", cel: "error", rego: "no", drools: "no", native: "no" },
  },
];

/** A rule that denies where the condition of the question holds. */
export function ruleOf({ asks }: Difference): Partial<SameRule> {
  const { yaml, legacy, cel, rego, drools, native } = asks;
  return {
    ...(yaml !== undefined && { yaml: `\n  - { name: deny_it, when: ${yaml}, then: deny }` }),
    ...(legacy !== undefined && { legacy: `\n  - { name: deny_it, condition: ${legacy}, action: { type: deny } }` }),
    ...(cel !== undefined && { cel: `\n@rule(name = "deny_it") @on(deny)\n${cel}` }),
    ...(rego !== undefined && { rego: `\ndeny_it if {\n  ${rego}\n}` }),
    ...(drools !== undefined && { drools: `\nrule "deny_it" when Action(${drools}) then deny(); end` }),
    native: rule("deny_it").when(native).deny(),
  };
}
