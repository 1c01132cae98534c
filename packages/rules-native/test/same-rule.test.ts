import type { Rule } from "@acteon/rules";
import { expect, test } from "vitest";

import { yamlFrontEnd } from "../../rules-yaml/src/index.ts";
import { counter, dedupKey, field, rule, seen, text } from "../src/index.ts";

/** What a rule means: everything but where it is written and in what. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key]) => !["span", "nameSpan", "language", "order", "file"].includes(key),
  );
  return Object.fromEntries(entries.map(([key, member]) => [key, meaning(member)]));
}

const yaml = `rules:
  - name: deduplicate-slack-alerts
    priority: 100
    description: Prevent duplicate Slack messages
    when:
      all:
        - field: action.provider
          equals: slack
        - field: action.payload.channel
          starts_with: "#alerts"
        - state.seen:
            key: "{{ action.dedup_key }}"
            window: 5m
    then:
      deduplicate:
        key: "{{ action.dedup_key }}"
        window: 5m

  - name: throttle-pagerduty
    priority: 90
    when:
      all:
        - field: action.provider
          equals: pagerduty
        - state.counter:
            key: "{{ action.payload.service }}:alerts"
            window: 1m
            greater_than: 10
    then:
      throttle:
        rate: 10
        window: 1m
`;

const typescript: readonly Rule[] = [
  rule("deduplicate-slack-alerts")
    .priority(100)
    .description("Prevent duplicate Slack messages")
    .when(
      field("action.provider").equals("slack"),
      field("action.payload.channel").startsWith("#alerts"),
      seen(dedupKey, "5m"),
    )
    .deduplicate({ key: dedupKey, window: "5m" }),
  rule("throttle-pagerduty")
    .priority(90)
    .when(
      field("action.provider").equals("pagerduty"),
      counter(text`${field("action.payload.service")}:alerts`, "1m").greaterThan(10),
    )
    .throttle({ rate: 10, window: "1m" }),
];

test("the rules of the design document lower to one IR, from YAML and from the builder", () => {
  const parsed = yamlFrontEnd.parse(yaml, "rules/simple.yaml");
  expect(parsed.kind === "parsed" && meaning(parsed.rules)).toEqual(meaning(typescript));
});
