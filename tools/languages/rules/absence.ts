import { field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** Null, and fields that are not there: asked for so that every language decides alike. */
export const absence = {
  suppress_unnoted: {
    yaml: `
      - name: suppress_unnoted
        when: { field: action.payload.note, exists: false }
        then: suppress`,
    cel: `
      @rule(name = "suppress_unnoted") @on(suppress)
      action.payload.note == null`,
    rego: `
      suppress_unnoted if input.action.payload.note == null`,
    drools: `
      rule "suppress_unnoted" when Action(payload.note == null) then suppress(); end`,
    native: rule("suppress_unnoted").when(field("action.payload.note").equals(null)).suppress(),
  },
  deny_noted: {
    yaml: `
      - name: deny_noted
        when: { field: action.payload.note, exists: true }
        then: deny`,
    cel: `
      @rule(name = "deny_noted") @on(deny)
      action.payload.note != null`,
    rego: `
      deny_noted if input.action.payload.note != null`,
    drools: `
      rule "deny_noted" when Action(payload.note != null) then deny(); end`,
    native: rule("deny_noted").when(field("action.payload.note").exists()).deny(),
  },
  reroute_escalated: {
    yaml: `
      - name: reroute_escalated
        when: { field: action.payload.escalation, exists: true }
        then: { reroute: { to: pager } }`,
    cel: otherwise(
      "nullKey",
      `
      @rule(name = "reroute_escalated") @on(reroute, to = "pager")
      has(action.payload.escalation) && action.payload.escalation != null`,
    ),
    rego: `
      reroute_escalated := "pager" if input.action.payload.escalation != null`,
    drools: `
      rule "reroute_escalated" when Action(payload.escalation != null) then reroute("pager"); end`,
    native: rule("reroute_escalated").when(field("action.payload.escalation").exists()).reroute("pager"),
  },
  suppress_unescalated: {
    yaml: `
      - name: suppress_unescalated
        when: { field: action.payload.escalation, exists: false }
        then: suppress`,
    cel: otherwise(
      "nullKey",
      `
      @rule(name = "suppress_unescalated") @on(suppress)
      !has(action.payload.escalation) || action.payload.escalation == null`,
    ),
    rego: otherwise(
      "undefinedField",
      `
      escalated if input.action.payload.escalation != null
      suppress_unescalated if not escalated`,
    ),
    drools: `
      rule "suppress_unescalated" when Action(payload.escalation == null) then suppress(); end`,
    native: rule("suppress_unescalated").when(field("action.payload.escalation").equals(null)).suppress(),
  },
  deny_high_escalation: {
    yaml: `
      - name: deny_high_escalation
        when: { field: action.payload.escalation.level, greater_than: 2 }
        then: deny`,
    cel: otherwise(
      "absent",
      `
      @rule(name = "deny_high_escalation") @on(deny)
      has(action.payload.escalation) && action.payload.escalation != null && action.payload.escalation.level > 2`,
    ),
    rego: `
      deny_high_escalation if input.action.payload.escalation.level > 2`,
    drools: `
      rule "deny_high_escalation" when Action(payload.escalation.level > 2) then deny(); end`,
    native: rule("deny_high_escalation").when(field("action.payload.escalation.level").greaterThan(2)).deny(),
  },
  deduplicate_payments: {
    yaml: `
      - name: deduplicate_payments
        when: { field: action.metadata.team, equals: payments }
        then: deduplicate`,
    legacy: `
      - name: deduplicate_payments
        condition: { field: action.metadata.team, eq: payments }
        action: { type: deduplicate }`,
    cel: otherwise(
      "absent",
      `
      @rule(name = "deduplicate_payments") @on(deduplicate)
      has(action.metadata.team) && action.metadata.team == "payments"`,
    ),
    rego: `
      deduplicate_payments if input.action.metadata.team == "payments"`,
    drools: `
      rule "deduplicate_payments" when Action(metadata.team == "payments") then deduplicate(); end`,
    native: rule("deduplicate_payments").when(field("action.metadata.team").equals("payments")).deduplicate(),
  },
} as const satisfies SameRules;
