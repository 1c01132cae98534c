import { sameIr } from "@acteon/rules";
import type { Rule } from "@acteon/rules";
import { standardRules } from "@acteon/rules/conformance";
import type { StandardRuleName } from "@acteon/rules/conformance";
import { expect, test } from "vitest";

import { counter, dedupKey, field, rule, seen, text } from "../src/index.ts";

const built: Record<StandardRuleName, Rule> = {
  "suppress-info": rule("suppress-info")
    .priority(10)
    .when(field("action.provider").equals("slack"), field("action.payload.severity").equals("info"))
    .suppress({ reason: "only information" }),
  "deny-large": rule("deny-large").when(field("action.payload.amount").greaterThan(1_000)).deny(),
  "reroute-vip": rule("reroute-vip")
    .priority(-5)
    .when(field("action.payload.customer").in(["ann", "bob"]))
    .reroute("pager"),
  "deduplicate-slack-alerts": rule("deduplicate-slack-alerts")
    .priority(100)
    .when(
      field("action.provider").equals("slack"),
      field("action.payload.channel").startsWith("#alerts"),
      seen(dedupKey, "5m"),
    )
    .deduplicate({ key: dedupKey, window: "5m" }),
  "throttle-pagerduty": rule("throttle-pagerduty")
    .priority(90)
    .when(
      field("action.provider").equals("pagerduty"),
      counter(text`${field("action.payload.service")}:alerts`, "1m").greaterThan(10),
    )
    .throttle({ rate: 10, window: "1m" }),
};

test.each(Object.values(built).map((each) => [each.name as StandardRuleName, each] as const))(
  "%s is the same rule as in every other language",
  (name, each) => {
    const standard: Rule = standardRules[name].rule;
    expect(sameIr(each, standard, new Set(["language"]))).toBe(true);
  },
);
