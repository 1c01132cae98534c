import { constant, field, rule } from "@acteon/rules-native";
import type { SameRules } from "../same-rule.ts";

/** What is configured under `rules.data`, for the rules below. */
export const data = {
  vips: ["ann", "bob"],
  limits: { amount: 1500, owners: ["ops"] },
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
} as const satisfies SameRules;
