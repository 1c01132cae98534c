import { call, circuitOpen, duration, failureRate, field, latencyP99, now, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** The time of day, instants, and what is known of providers. */
export const timeAndHealth = {
  suppress_at_night: {
    yaml: `
      - name: suppress_at_night
        timezone: Europe/Berlin
        when:
          any:
            - { field: time.hour, less_than: 7 }
            - { field: time.hour, at_least: 22 }
        then: suppress`,
    legacy: `
      - name: suppress_at_night
        timezone: Europe/Berlin
        condition:
          any:
            - { field: time.hour, lt: 7 }
            - { field: time.hour, gte: 22 }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_at_night", timezone = "Europe/Berlin") @on(suppress)
      time.hour < 7 || time.hour >= 22`,
    rego: otherwise(
      "nanoseconds",
      `
      # METADATA
      # custom:
      #   timezone: Europe/Berlin
      suppress_at_night if hour < 7
      suppress_at_night if hour >= 22
      hour := time.clock([time.now_ns(), "Europe/Berlin"])[0]`,
    ),
    drools: `
      rule "suppress_at_night"
      @timezone("Europe/Berlin")
      when eval(time.hour < 7 || time.hour >= 22)
      then suppress(); end`,
    native: rule("suppress_at_night")
      .timezone("Europe/Berlin")
      .when(field("time.hour").lessThan(7).or(field("time.hour").atLeast(22)))
      .suppress(),
  },
  deny_at_weekends: {
    yaml: `
      - name: deny_at_weekends
        when: { field: time.weekday, in: [Saturday, Sunday] }
        then: deny`,
    legacy: `
      - name: deny_at_weekends
        condition: { field: time.weekday, in_list: [Saturday, Sunday] }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_at_weekends") @on(deny)
      time.weekday in ["Saturday", "Sunday"]`,
    rego: otherwise(
      "nanoseconds",
      `
      deny_at_weekends if time.weekday(time.now_ns()) in ["Saturday", "Sunday"]`,
    ),
    drools: `
      rule "deny_at_weekends" when eval(time.weekday in ("Saturday", "Sunday")) then deny(); end`,
    native: rule("deny_at_weekends")
      .when(field("time.weekday").in(["Saturday", "Sunday"]))
      .deny(),
  },
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
  deny_before_start: {
    yaml: `
      - name: deny_before_start
        when: { expr: now < timestamp(action.payload.starts) }
        then: deny`,
    cel: `
      @rule(name = "deny_before_start") @on(deny)
      now < timestamp(action.payload.starts)`,
    rego: otherwise(
      "nanoseconds",
      `
      deny_before_start if time.now_ns() < time.parse_rfc3339_ns(input.action.payload.starts)`,
    ),
    drools: `
      rule "deny_before_start" when Action(now < timestamp(payload.starts)) then deny(); end`,
    native: rule("deny_before_start")
      .when(now.lessThan(call("timestamp", field("action.payload.starts"))))
      .deny(),
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
