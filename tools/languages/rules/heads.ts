import { field, rule } from "@acteon/rules-native";
import type { SameRules } from "../same-rule.ts";

/** What a rule says of itself. */
export const heads = {
  deny_first_of_all: {
    yaml: `
      - name: deny_first_of_all
        description: Nothing is asked before this
        priority: -10
        metadata: { team: ops, ticket: OPS-7 }
        when: { field: action.provider, equals: sms }
        then: deny`,
    legacy: `
      - name: deny_first_of_all
        description: Nothing is asked before this
        priority: -10
        metadata: { team: ops, ticket: OPS-7 }
        condition: { field: action.provider, eq: sms }
        action: { type: deny }`,
    cel: `
      @rule(
        name = "deny_first_of_all",
        description = "Nothing is asked before this",
        priority = -10,
        metadata = {"team": "ops", "ticket": "OPS-7"},
      )
      @on(deny)
      action.provider == "sms"`,
    rego: `
      # METADATA
      # description: Nothing is asked before this
      # custom:
      #   priority: -10
      #   metadata: { team: ops, ticket: OPS-7 }
      deny_first_of_all if input.action.provider == "sms"`,
    drools: `
      rule "deny_first_of_all"
      @description("Nothing is asked before this")
      @team("ops")
      @ticket("OPS-7")
      salience 10
      when Action(provider == "sms")
      then deny(); end`,
    native: rule("deny_first_of_all")
      .description("Nothing is asked before this")
      .priority(-10)
      .metadata({ team: "ops", ticket: "OPS-7" })
      .when(field("action.provider").equals("sms"))
      .deny(),
  },
  deny_unless_disabled: {
    yaml: `
      - name: deny_unless_disabled
        enabled: false
        when: { field: action.provider, equals: slack }
        then: deny`,
    legacy: `
      - name: deny_unless_disabled
        enabled: false
        condition: { field: action.provider, eq: slack }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_unless_disabled", enabled = false) @on(deny)
      action.provider == "slack"`,
    rego: `
      # METADATA
      # custom:
      #   enabled: false
      deny_unless_disabled if input.action.provider == "slack"`,
    drools: `
      rule "deny_unless_disabled" enabled false when Action(provider == "slack") then deny(); end`,
    native: rule("deny_unless_disabled").disabled().when(field("action.provider").equals("slack")).deny(),
  },
  suppress_or_skip: {
    yaml: `
      - name: suppress_or_skip
        on_error: skip
        when: { field: action.payload.reference, starts_with: R- }
        then: suppress`,
    cel: `
      @rule(name = "suppress_or_skip", on_error = "skip") @on(suppress)
      action.payload.reference.startsWith("R-")`,
    rego: `
      # METADATA
      # custom:
      #   on_error: skip
      suppress_or_skip if startswith(input.action.payload.reference, "R-")`,
    drools: `
      rule "suppress_or_skip" @onError(skip) when Action(payload.reference str[startsWith] "R-") then suppress(); end`,
    native: rule("suppress_or_skip").skipOnError().when(field("action.payload.reference").startsWith("R-")).suppress(),
  },
} as const satisfies SameRules;
