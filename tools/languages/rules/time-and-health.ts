import { circuitOpen, duration, failureRate, field, latencyP99, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** The time of day, instants, and what is known of providers. */
export const timeAndHealth = {
  suppress_expired: {
    yaml: `
      - name: suppress_expired
        when: { field: time.timestamp, greater_than: "{{ action.payload.expires }}" }
        then: suppress`,
    cel: `
      @rule(name = "suppress_expired") @on(suppress)
      time.timestamp > action.payload.expires`,
    rego: otherwise(
      "nanoseconds",
      `
      suppress_expired if floor(time.now_ns() / 1000000000) > input.action.payload.expires`,
    ),
    drools: `
      rule "suppress_expired" when Action(time.timestamp > payload.expires) then suppress(); end`,
    native: rule("suppress_expired")
      .when(field("time.timestamp").greaterThan(field("action.payload.expires")))
      .suppress(),
  },
  reroute_open_circuit: {
    yaml: `
      - name: reroute_open_circuit
        when: { expr: 'env.circuit_breaker("slack").is_open()' }
        then: { reroute: { to: mail } }`,
    cel: `
      @rule(name = "reroute_open_circuit") @on(reroute, to = "mail")
      env.circuit_breaker("slack").is_open()`,
    rego: `
      reroute_open_circuit := "mail" if env.circuit_open("slack")`,
    drools: `
      rule "reroute_open_circuit" when eval(env.circuitBreaker("slack").isOpen()) then reroute("mail"); end`,
    native: rule("reroute_open_circuit").when(circuitOpen("slack")).reroute("mail"),
  },
  reroute_slow: {
    yaml: `
      - name: reroute_slow
        when: { expr: 'env.health(action.provider).latency_p99 > duration("2s")' }
        then: { reroute: { to: mail } }`,
    cel: `
      @rule(name = "reroute_slow") @on(reroute, to = "mail")
      env.health(action.provider).latency_p99 > duration("2s")`,
    rego: otherwise(
      "nanoseconds",
      `
      reroute_slow := "mail" if env.latency_p99(input.action.provider) > 2000000000`,
    ),
    drools: `
      rule "reroute_slow" when Action(env.health(provider).latencyP99 > "2s") then reroute("mail"); end`,
    native: rule("reroute_slow")
      .when(latencyP99(field("action.provider")).greaterThan(duration("2s")))
      .reroute("mail"),
  },
  deny_failing: {
    yaml: `
      - name: deny_failing
        when: { expr: env.health(action.provider).failure_rate >= 0.5 }
        then: deny`,
    cel: `
      @rule(name = "deny_failing") @on(deny)
      env.health(action.provider).failure_rate >= 0.5`,
    rego: `
      deny_failing if env.failure_rate(input.action.provider) >= 0.5`,
    drools: `
      rule "deny_failing" when Action(env.health(provider).failureRate >= 0.5) then deny(); end`,
    native: rule("deny_failing")
      .when(failureRate(field("action.provider")).atLeast(0.5))
      .deny(),
  },
} as const satisfies SameRules;
