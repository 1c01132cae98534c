import { describeRuleFrontEnd } from "@acteon/rules/conformance";

import { yamlFrontEnd } from "../src/index.ts";

describeRuleFrontEnd({
  name: "yaml, when / then",
  frontEnd: yamlFrontEnd,
  rules: {
    "suppress-info": `rules:
  - name: suppress-info
    priority: 10
    when:
      all:
        - field: action.provider
          equals: slack
        - field: action.payload.severity
          equals: info
    then:
      suppress:
        reason: only information
`,
    "deny-large": `rules:
  - name: deny-large
    when:
      field: action.payload.amount
      greater_than: 1000
    then: deny
`,
    "reroute-vip": `rules:
  - name: reroute-vip
    priority: -5
    when: { field: action.payload.customer, in: [ann, bob] }
    then: { reroute: { to: pager } }
`,
    "deduplicate-slack-alerts": `rules:
  - name: deduplicate-slack-alerts
    priority: 100
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
`,
    "throttle-pagerduty": `rules:
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
`,
  },
  mistakes: [
    {
      text: `rules:
  - name: a
    when: { field: action.payload.x, eq: 1 }
    then: supress
  - name: b
    wehn: { all: [] }
    then: { throttle: { rate: many, window: 60 } }
`,
      // Of the last rule: what it has no `when` for is told at its first line, the rate and the window at theirs.
      lines: [3, 4, 5, 6, 7, 7],
    },
    { text: "rules:\n  - name: a\n    name: b\n    when: !env HOME\n    then: allow\n", lines: [3, 4, 4] },
  ],
});

describeRuleFrontEnd({
  name: "yaml, condition / action",
  frontEnd: yamlFrontEnd,
  rules: {
    "deny-large": `rules:
  - name: deny-large
    condition: { field: action.payload.amount, gt: 1000 }
    action: { type: deny }
`,
    "reroute-vip": `rules:
  - name: reroute-vip
    priority: -5
    condition: { field: action.payload.customer, in_list: [ann, bob] }
    action: { type: reroute, target_provider: pager }
`,
  },
  mistakes: [
    {
      text: `rules:
  - name: a
    condition: { field: action.id }
    action: { type: reroute }
  - condition: { all: 5 }
    action: { type: supress }
`,
      lines: [3, 4, 5, 5, 6],
    },
  ],
});
