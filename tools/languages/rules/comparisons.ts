import { field, rule } from "@acteon/rules-native";
import type { SameRules } from "../same-rule.ts";

/** Equality, order and membership. */
export const comparisons = {
  suppress_info: {
    yaml: `
      - name: suppress_info
        when: { field: action.payload.severity, equals: info }
        then: suppress`,
    legacy: `
      - name: suppress_info
        condition: { field: action.payload.severity, eq: info }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_info") @on(suppress)
      action.payload.severity == "info"`,
    rego: `
      suppress_info if input.action.payload.severity == "info"`,
    drools: `
      rule "suppress_info" when Action(payload.severity == "info") then suppress(); end`,
    native: rule("suppress_info").when(field("action.payload.severity").equals("info")).suppress(),
  },
  deny_other_tenants: {
    yaml: `
      - name: deny_other_tenants
        when: { field: action.tenant, not_equals: acme }
        then: deny`,
    legacy: `
      - name: deny_other_tenants
        condition: { field: action.tenant, ne: acme }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_other_tenants") @on(deny)
      action.tenant != "acme"`,
    rego: `
      deny_other_tenants if input.action.tenant != "acme"`,
    drools: `
      rule "deny_other_tenants" when Action(tenant != "acme") then deny(); end`,
    native: rule("deny_other_tenants").when(field("action.tenant").notEquals("acme")).deny(),
  },
  suppress_unhurried: {
    yaml: `
      - name: suppress_unhurried
        when: { field: action.payload.urgent, equals: false }
        then: suppress`,
    legacy: `
      - name: suppress_unhurried
        condition: { field: action.payload.urgent, eq: false }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_unhurried") @on(suppress)
      action.payload.urgent == false`,
    rego: `
      suppress_unhurried if input.action.payload.urgent == false`,
    drools: `
      rule "suppress_unhurried" when Action(payload.urgent == false) then suppress(); end`,
    native: rule("suppress_unhurried").when(field("action.payload.urgent").equals(false)).suppress(),
  },
  deny_large: {
    yaml: `
      - name: deny_large
        when: { field: action.payload.amount, greater_than: 1000 }
        then: deny`,
    legacy: `
      - name: deny_large
        condition: { field: action.payload.amount, gt: 1000 }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_large") @on(deny)
      action.payload.amount > 1000`,
    rego: `
      deny_large if input.action.payload.amount > 1000`,
    drools: `
      rule "deny_large" when Action(payload.amount > 1000) then deny(); end`,
    native: rule("deny_large").when(field("action.payload.amount").greaterThan(1000)).deny(),
  },
  suppress_trifles: {
    yaml: `
      - name: suppress_trifles
        when: { field: action.payload.amount, at_least: 0, at_most: 9.5 }
        then: suppress`,
    legacy: `
      - name: suppress_trifles
        condition: { field: action.payload.amount, gte: 0, lte: 9.5 }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_trifles") @on(suppress)
      action.payload.amount >= 0 && action.payload.amount <= 9.5`,
    rego: `
      suppress_trifles if {
        input.action.payload.amount >= 0
        input.action.payload.amount <= 9.5
      }`,
    drools: `
      rule "suppress_trifles" when Action(payload.amount >= 0, payload.amount <= 9.5) then suppress(); end`,
    native: rule("suppress_trifles")
      .when(field("action.payload.amount").atLeast(0), field("action.payload.amount").atMost(9.5))
      .suppress(),
  },
  deny_over_limit: {
    yaml: `
      - name: deny_over_limit
        when: { field: action.payload.amount, greater_than: "{{ action.payload.limit }}" }
        then: deny`,
    cel: `
      @rule(name = "deny_over_limit") @on(deny)
      action.payload.amount > action.payload.limit`,
    rego: `
      deny_over_limit if input.action.payload.amount > input.action.payload.limit`,
    drools: `
      rule "deny_over_limit" when Action(payload.amount > payload.limit) then deny(); end`,
    native: rule("deny_over_limit")
      .when(field("action.payload.amount").greaterThan(field("action.payload.limit")))
      .deny(),
  },
  deny_names_before_c: {
    yaml: `
      - name: deny_names_before_c
        when: { field: action.payload.customer, less_than: c }
        then: deny`,
    legacy: `
      - name: deny_names_before_c
        condition: { field: action.payload.customer, lt: c }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_names_before_c") @on(deny)
      action.payload.customer < "c"`,
    rego: `
      deny_names_before_c if input.action.payload.customer < "c"`,
    drools: `
      rule "deny_names_before_c" when Action(payload.customer < "c") then deny(); end`,
    native: rule("deny_names_before_c").when(field("action.payload.customer").lessThan("c")).deny(),
  },
  reroute_vips: {
    yaml: `
      - name: reroute_vips
        when: { field: action.payload.customer, in: [ann, bob] }
        then: { reroute: { to: pager } }`,
    legacy: `
      - name: reroute_vips
        condition: { field: action.payload.customer, in_list: [ann, bob] }
        action: { type: reroute, target_provider: pager }`,
    cel: `
      @rule(name = "reroute_vips") @on(reroute, to = "pager")
      action.payload.customer in ["ann", "bob"]`,
    rego: `
      reroute_vips := "pager" if input.action.payload.customer in ["ann", "bob"]`,
    drools: `
      rule "reroute_vips" when Action(payload.customer in ("ann", "bob")) then reroute("pager"); end`,
    native: rule("reroute_vips")
      .when(field("action.payload.customer").in(["ann", "bob"]))
      .reroute("pager"),
  },
  suppress_minor: {
    yaml: `
      - name: suppress_minor
        when: { field: action.payload.severity, not_in: [warning, critical] }
        then: suppress`,
    legacy: `
      - name: suppress_minor
        condition: { not: { field: action.payload.severity, in_list: [warning, critical] } }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_minor") @on(suppress)
      !(action.payload.severity in ["warning", "critical"])`,
    rego: `
      suppress_minor if not input.action.payload.severity in ["warning", "critical"]`,
    drools: `
      rule "suppress_minor" when Action(payload.severity not in ("warning", "critical")) then suppress(); end`,
    native: rule("suppress_minor")
      .when(field("action.payload.severity").notIn(["warning", "critical"]))
      .suppress(),
  },
} as const satisfies SameRules;
