import { all, any, field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** And, or, not, and one inside the other. */
export const logic = {
  deny_urgent_on_slack: {
    yaml: `
      - name: deny_urgent_on_slack
        when:
          all:
            - { field: action.provider, equals: slack }
            - { field: action.payload.severity, equals: critical }
            - { field: action.payload.urgent, equals: true }
        then: deny`,
    legacy: `
      - name: deny_urgent_on_slack
        condition:
          all:
            - { field: action.provider, eq: slack }
            - { field: action.payload.severity, eq: critical }
            - { field: action.payload.urgent, eq: true }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_urgent_on_slack") @on(deny)
      action.provider == "slack" && action.payload.severity == "critical" && action.payload.urgent == true`,
    rego: `
      deny_urgent_on_slack if {
        input.action.provider == "slack"
        input.action.payload.severity == "critical"
        input.action.payload.urgent == true
      }`,
    drools: `
      rule "deny_urgent_on_slack"
      when Action(provider == "slack", payload.severity == "critical", payload.urgent == true)
      then deny(); end`,
    native: rule("deny_urgent_on_slack")
      .when(
        field("action.provider").equals("slack"),
        field("action.payload.severity").equals("critical"),
        field("action.payload.urgent").equals(true),
      )
      .deny(),
  },
  suppress_info_or_random: {
    yaml: `
      - name: suppress_info_or_random
        when:
          any:
            - { field: action.payload.severity, equals: info }
            - { field: action.payload.channel, equals: "#random" }
        then: suppress`,
    legacy: `
      - name: suppress_info_or_random
        condition:
          any:
            - { field: action.payload.severity, eq: info }
            - { field: action.payload.channel, eq: "#random" }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_info_or_random") @on(suppress)
      action.payload.severity == "info" || action.payload.channel == "#random"`,
    rego: `
      suppress_info_or_random if input.action.payload.severity == "info"
      suppress_info_or_random if input.action.payload.channel == "#random"`,
    drools: `
      rule "suppress_info_or_random"
      when Action(payload.severity == "info" || payload.channel == "#random")
      then suppress(); end`,
    native: rule("suppress_info_or_random")
      .when(any(field("action.payload.severity").equals("info"), field("action.payload.channel").equals("#random")))
      .suppress(),
  },
  deny_unless_slack_and_critical: {
    yaml: `
      - name: deny_unless_slack_and_critical
        when:
          not:
            all:
              - { field: action.provider, equals: slack }
              - { field: action.payload.severity, equals: critical }
        then: deny`,
    legacy: `
      - name: deny_unless_slack_and_critical
        condition:
          not:
            all:
              - { field: action.provider, eq: slack }
              - { field: action.payload.severity, eq: critical }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_unless_slack_and_critical") @on(deny)
      !(action.provider == "slack" && action.payload.severity == "critical")`,
    rego: otherwise(
      "helperRules",
      `
      slack_and_critical if {
        input.action.provider == "slack"
        input.action.payload.severity == "critical"
      }
      deny_unless_slack_and_critical if not slack_and_critical`,
    ),
    drools: `
      rule "deny_unless_slack_and_critical"
      when not Action(provider == "slack", payload.severity == "critical")
      then deny(); end`,
    native: rule("deny_unless_slack_and_critical")
      .when(all(field("action.provider").equals("slack"), field("action.payload.severity").equals("critical")).not())
      .deny(),
  },
  suppress_idle_chatter: {
    yaml: `
      - name: suppress_idle_chatter
        when:
          all:
            - { field: action.provider, in: [slack, mail] }
            - any:
                - { field: action.payload.severity, equals: info }
                - all:
                    - { field: action.payload.amount, less_than: 100 }
                    - not: { field: action.payload.urgent, equals: true }
        then: suppress`,
    legacy: `
      - name: suppress_idle_chatter
        condition:
          all:
            - { field: action.provider, in_list: [slack, mail] }
            - any:
                - { field: action.payload.severity, eq: info }
                - all:
                    - { field: action.payload.amount, lt: 100 }
                    - not: { field: action.payload.urgent, eq: true }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_idle_chatter") @on(suppress)
      action.provider in ["slack", "mail"]
          && (action.payload.severity == "info"
              || action.payload.amount < 100 && !(action.payload.urgent == true))`,
    rego: otherwise(
      "helperRules",
      `
      idle if input.action.payload.severity == "info"
      idle if {
        input.action.payload.amount < 100
        not input.action.payload.urgent == true
      }
      suppress_idle_chatter if {
        input.action.provider in ["slack", "mail"]
        idle
      }`,
    ),
    drools: `
      rule "suppress_idle_chatter"
      when
        Action(
          provider in ("slack", "mail"),
          payload.severity == "info" || payload.amount < 100 && !(payload.urgent == true)
        )
      then suppress(); end`,
    native: rule("suppress_idle_chatter")
      .when(
        field("action.provider").in(["slack", "mail"]),
        any(
          field("action.payload.severity").equals("info"),
          all(field("action.payload.amount").lessThan(100), field("action.payload.urgent").equals(true).not()),
        ),
      )
      .suppress(),
  },
  allow_everything: {
    yaml: `
      - name: allow_everything
        when: { all: [] }
        then: allow`,
    legacy: `
      - name: allow_everything
        condition: { all: [] }
        action: { type: allow }`,
    cel: `
      @rule(name = "allow_everything") @on(allow)
      true`,
    rego: `
      allow_everything := true`,
    drools: `
      rule "allow_everything" when then allow(); end`,
    native: rule("allow_everything").when().allow(),
  },
} as const satisfies SameRules;
