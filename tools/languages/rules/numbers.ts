import { call, field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** Arithmetic. */
export const numbers = {
  deny_costly_orders: {
    yaml: `
      - name: deny_costly_orders
        when: { expr: action.payload.amount * action.payload.quantity > 5000 }
        then: deny`,
    cel: `
      @rule(name = "deny_costly_orders") @on(deny)
      action.payload.amount * action.payload.quantity > 5000`,
    rego: `
      deny_costly_orders if input.action.payload.amount * input.action.payload.quantity > 5000`,
    drools: `
      rule "deny_costly_orders" when Action(payload.amount * payload.quantity > 5000) then deny(); end`,
    native: rule("deny_costly_orders")
      .when(field("action.payload.amount").times(field("action.payload.quantity")).greaterThan(5000))
      .deny(),
  },
  deny_overdrawn: {
    yaml: `
      - name: deny_overdrawn
        when: { expr: action.payload.balance + 50 - action.payload.amount < -100 }
        then: deny`,
    cel: `
      @rule(name = "deny_overdrawn") @on(deny)
      action.payload.balance + 50 - action.payload.amount < -100`,
    rego: `
      deny_overdrawn if (input.action.payload.balance + 50) - input.action.payload.amount < -100`,
    drools: `
      rule "deny_overdrawn" when Action(payload.balance + 50 - payload.amount < -100) then deny(); end`,
    native: rule("deny_overdrawn")
      .when(field("action.payload.balance").plus(50).minus(field("action.payload.amount")).lessThan(-100))
      .deny(),
  },
  suppress_even: {
    yaml: `
      - name: suppress_even
        when: { expr: action.payload.quantity % 2 == 0 }
        then: suppress`,
    cel: `
      @rule(name = "suppress_even") @on(suppress)
      action.payload.quantity % 2 == 0`,
    rego: `
      suppress_even if input.action.payload.quantity % 2 == 0`,
    drools: `
      rule "suppress_even" when Action(payload.quantity % 2 == 0) then suppress(); end`,
    native: rule("suppress_even").when(field("action.payload.quantity").modulo(2).equals(0)).suppress(),
  },
  deny_far_from_zero: {
    yaml: `
      - name: deny_far_from_zero
        when: { expr: math.abs(action.payload.balance) >= 200 }
        then: deny`,
    cel: `
      @rule(name = "deny_far_from_zero") @on(deny)
      math.abs(action.payload.balance) >= 200`,
    rego: otherwise(
      "bigNumbers",
      `
      deny_far_from_zero if abs(input.action.payload.balance) >= 200`,
    ),
    drools: `
      rule "deny_far_from_zero" when Action(Math.abs(payload.balance) >= 200) then deny(); end`,
    native: rule("deny_far_from_zero")
      .when(call("abs", field("action.payload.balance")).atLeast(200))
      .deny(),
  },
  suppress_both_small: {
    yaml: `
      - name: suppress_both_small
        when: { expr: 'math.greatest(action.payload.amount, action.payload.limit) < 500' }
        then: suppress`,
    cel: `
      @rule(name = "suppress_both_small") @on(suppress)
      math.greatest(action.payload.amount, action.payload.limit) < 500`,
    rego: otherwise(
      "bigNumbers",
      `
      suppress_both_small if max([input.action.payload.amount, input.action.payload.limit]) < 500`,
    ),
    drools: `
      rule "suppress_both_small" when Action(Math.max(payload.amount, payload.limit) < 500) then suppress(); end`,
    native: rule("suppress_both_small")
      .when(call("greatest", field("action.payload.amount"), field("action.payload.limit")).lessThan(500))
      .suppress(),
  },
} as const satisfies SameRules;
