import { counter, dedupKey, duration, field, rule, seen, stateEntry, text, timeSince } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** What the store knows: as the gate of a verdict, which claims and counts, and as what a condition reads. */
export const state = {
  deduplicate_alerts: {
    yaml: `
      - name: deduplicate_alerts
        when:
          all:
            - { field: action.provider, equals: slack }
            - state.seen: { key: "{{ action.dedup_key }}", window: 5m }
        then: { deduplicate: { key: "{{ action.dedup_key }}", window: 5m } }`,
    cel: `
      @rule(name = "deduplicate_alerts")
      @on(deduplicate, key = action.dedup_key(), window = duration("5m"))
      action.provider == "slack" && state.seen(action.dedup_key(), duration("5m"))`,
    rego: `
      deduplicate_alerts := {"key": action.dedup_key(), "window": "5m"} if {
        input.action.provider == "slack"
        state.seen(action.dedup_key(), "5m")
      }`,
    drools: `
      rule "deduplicate_alerts"
      when $a : Action(provider == "slack", state.seen(dedupKey(), "5m"))
      then deduplicate($a.dedupKey(), "5m"); end`,
    native: rule("deduplicate_alerts")
      .when(field("action.provider").equals("slack"), seen(dedupKey, "5m"))
      .deduplicate({ key: dedupKey, window: "5m" }),
  },
  deduplicate_outages: {
    yaml: `
      - name: deduplicate_outages
        when:
          state.seen: { key: "{{ action.payload.service }}:{{ action.payload.severity }}", window: 1h }
        then: deduplicate`,
    cel: `
      @rule(name = "deduplicate_outages") @on(deduplicate)
      state.seen(action.payload.service + ":" + action.payload.severity, "1h")`,
    rego: `
      deduplicate_outages if {
        state.seen(sprintf("%s:%s", [input.action.payload.service, input.action.payload.severity]), "1h")
      }`,
    drools: `
      rule "deduplicate_outages"
      when Action(state.seen(payload.service + ":" + payload.severity, "1h"))
      then deduplicate(); end`,
    native: rule("deduplicate_outages")
      .when(seen(text`${field("action.payload.service")}:${field("action.payload.severity")}`, "1h"))
      .deduplicate(),
  },
  deduplicate_customers: {
    yaml: `
      - name: deduplicate_customers
        when: { state.seen: { key: "{{ action.payload.customer }}" } }
        then: deduplicate`,
    cel: `
      @rule(name = "deduplicate_customers") @on(deduplicate)
      state.seen(action.payload.customer)`,
    rego: `
      deduplicate_customers if state.seen(input.action.payload.customer)`,
    drools: `
      rule "deduplicate_customers" when Action(state.seen(payload.customer)) then deduplicate(); end`,
    native: rule("deduplicate_customers")
      .when(seen(field("action.payload.customer")))
      .deduplicate(),
  },
  suppress_known_outages: {
    yaml: `
      - name: suppress_known_outages
        when:
          all:
            - not: { field: action.payload.severity, equals: critical }
            - state.seen: { key: "{{ action.payload.service }}:critical", window: 1h }
        then: suppress`,
    cel: `
      @rule(name = "suppress_known_outages") @on(suppress)
      !(action.payload.severity == "critical") && state.seen(action.payload.service + ":critical", "1h")`,
    rego: `
      suppress_known_outages if {
        not input.action.payload.severity == "critical"
        state.seen(sprintf("%s:critical", [input.action.payload.service]), "1h")
      }`,
    drools: `
      rule "suppress_known_outages"
      when Action(!(payload.severity == "critical"), state.seen(payload.service + ":critical", "1h"))
      then suppress(); end`,
    native: rule("suppress_known_outages")
      .when(
        field("action.payload.severity").equals("critical").not(),
        seen(text`${field("action.payload.service")}:critical`, "1h"),
      )
      .suppress(),
  },
  throttle_pages: {
    yaml: `
      - name: throttle_pages
        when:
          all:
            - { field: action.provider, equals: pagerduty }
            - state.counter: { key: "{{ action.payload.service }}:pages", window: 1m, greater_than: 10 }
        then: { throttle: { rate: 10, window: 1m } }`,
    cel: `
      @rule(name = "throttle_pages")
      @on(throttle, rate = 10, window = duration("1m"))
      action.provider == "pagerduty" && state.counter(action.payload.service + ":pages", duration("1m")) > 10`,
    rego: `
      throttle_pages := {"rate": 10, "window": "1m"} if {
        input.action.provider == "pagerduty"
        state.counter(sprintf("%s:pages", [input.action.payload.service]), "1m") > 10
      }`,
    drools: `
      rule "throttle_pages"
      when Action(provider == "pagerduty", state.counter(payload.service + ":pages", "1m") > 10)
      then throttle(10, "1m"); end`,
    native: rule("throttle_pages")
      .when(
        field("action.provider").equals("pagerduty"),
        counter(text`${field("action.payload.service")}:pages`, "1m").greaterThan(10),
      )
      .throttle({ rate: 10, window: "1m" }),
  },
  deny_floods: {
    yaml: `
      - name: deny_floods
        when: { state.counter: { key: "{{ action.payload.service }}:pages", window: 1m, at_least: 12 } }
        then: deny`,
    cel: `
      @rule(name = "deny_floods") @on(deny)
      state.counter(action.payload.service + ":pages", "1m") >= 12`,
    rego: `
      deny_floods if state.counter(sprintf("%s:pages", [input.action.payload.service]), "1m") >= 12`,
    drools: `
      rule "deny_floods" when Action(state.counter(payload.service + ":pages", "1m") >= 12) then deny(); end`,
    native: rule("deny_floods")
      .when(counter(text`${field("action.payload.service")}:pages`, "1m").atLeast(12))
      .deny(),
  },
  deny_when_busy: {
    yaml: `
      - name: deny_when_busy
        when: { state.counter: { key: orders, greater_than: 100 } }
        then: deny`,
    legacy: `
      - name: deny_when_busy
        condition: { state_counter: orders, gt: 100 }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_when_busy") @on(deny)
      state.counter("orders") > 100`,
    rego: `
      deny_when_busy if state.counter("orders") > 100`,
    drools: `
      rule "deny_when_busy" when eval(state.counter("orders") > 100) then deny(); end`,
    native: rule("deny_when_busy").when(counter("orders").greaterThan(100)).deny(),
  },
  suppress_in_quiet_mode: {
    yaml: `
      - name: suppress_in_quiet_mode
        when: { expr: 'state.get("mode") == "quiet"' }
        then: suppress`,
    cel: `
      @rule(name = "suppress_in_quiet_mode") @on(suppress)
      state.get("mode") == "quiet"`,
    rego: `
      suppress_in_quiet_mode if state.get("mode") == "quiet"`,
    drools: `
      rule "suppress_in_quiet_mode" when eval(state.get("mode") == "quiet") then suppress(); end`,
    native: rule("suppress_in_quiet_mode").when(stateEntry("mode").equals("quiet")).suppress(),
  },
  suppress_after_deploy: {
    yaml: `
      - name: suppress_after_deploy
        when: { expr: 'state.time_since("deployed:" + action.payload.service) < duration("10m")' }
        then: suppress`,
    cel: `
      @rule(name = "suppress_after_deploy") @on(suppress)
      state.time_since("deployed:" + action.payload.service) < duration("10m")`,
    rego: otherwise(
      "nanoseconds",
      `
      suppress_after_deploy if {
        state.time_since(sprintf("deployed:%s", [input.action.payload.service])) < 600000000000
      }`,
    ),
    drools: `
      rule "suppress_after_deploy"
      when Action(state.timeSince("deployed:" + payload.service) < "10m")
      then suppress(); end`,
    native: rule("suppress_after_deploy")
      .when(timeSince(text`deployed:${field("action.payload.service")}`).lessThan(duration("10m")))
      .suppress(),
  },
} as const satisfies SameRules;
