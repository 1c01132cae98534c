import { all, constant, field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** What is configured under `rules.data`, for the rules below. */
export const data = {
  vips: ["ann", "bob"],
  limits: { amount: 1500 },
  maintenance: [
    { service: "db", provider: "pagerduty" },
    { service: "web", provider: "slack" },
  ],
} as const;

/** Configured documents. */
export const documents = {
  reroute_configured_vips: {
    yaml: `
      - name: reroute_configured_vips
        when: { expr: action.payload.customer in data.vips }
        then: { reroute: { to: pager } }`,
    cel: `
      @rule(name = "reroute_configured_vips") @on(reroute, to = "pager")
      action.payload.customer in data.vips`,
    rego: `
      reroute_configured_vips := "pager" if input.action.payload.customer in data.vips`,
    drools: `
      rule "reroute_configured_vips" when Action(payload.customer memberOf data.vips) then reroute("pager"); end`,
    native: rule("reroute_configured_vips")
      .when(field("action.payload.customer").in(constant(data.vips)))
      .reroute("pager"),
  },
  deny_over_configured_limit: {
    yaml: `
      - name: deny_over_configured_limit
        when: { expr: action.payload.amount > data.limits.amount }
        then: deny`,
    cel: `
      @rule(name = "deny_over_configured_limit") @on(deny)
      action.payload.amount > data.limits.amount`,
    rego: `
      deny_over_configured_limit if input.action.payload.amount > data.limits.amount`,
    drools: `
      rule "deny_over_configured_limit" when Action(payload.amount > data.limits.amount) then deny(); end`,
    native: rule("deny_over_configured_limit")
      .when(field("action.payload.amount").greaterThan(constant(data.limits.amount)))
      .deny(),
  },
  suppress_in_maintenance: {
    yaml: `
      - name: suppress_in_maintenance
        when:
          expr: >-
            data.maintenance.exists(window,
              window.service == action.payload.service && window.provider == action.provider)
        then: suppress`,
    cel: `
      @rule(name = "suppress_in_maintenance") @on(suppress)
      data.maintenance.exists(window,
          window.service == action.payload.service && window.provider == action.provider)`,
    rego: `
      suppress_in_maintenance if {
        some window in data.maintenance
        window.service == input.action.payload.service
        window.provider == input.action.provider
      }`,
    drools: otherwise(
      "from",
      `
      rule "suppress_in_maintenance"
      when
        $a : Action()
        exists Object(service == $a.payload.service, provider == $a.provider) from data.maintenance
      then suppress(); end`,
    ),
    native: rule("suppress_in_maintenance")
      .when(
        constant(data.maintenance).any("window", (window) =>
          all(
            window.at("service").equals(field("action.payload.service")),
            window.at("provider").equals(field("action.provider")),
          ),
        ),
      )
      .suppress(),
  },
} as const satisfies SameRules;
