import { counter, field, rule, text } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** Every verdict, with everything that it takes. */
export const verdicts = {
  allow_greetings: {
    yaml: `
      - name: allow_greetings
        when: { field: action.action_type, equals: greeting }
        then: allow`,
    legacy: `
      - name: allow_greetings
        condition: { field: action.action_type, eq: greeting }
        action: { type: allow }`,
    cel: `
      @rule(name = "allow_greetings") @on(allow)
      action.action_type == "greeting"`,
    rego: `
      allow_greetings if input.action.action_type == "greeting"`,
    drools: `
      rule "allow_greetings" when Action(actionType == "greeting") then allow(); end`,
    native: rule("allow_greetings").when(field("action.action_type").equals("greeting")).allow(),
  },
  deny_with_reason: {
    yaml: `
      - name: deny_with_reason
        when: { field: action.payload.urgent, equals: true }
        then: { deny: { reason: nothing is urgent here } }`,
    cel: `
      @rule(name = "deny_with_reason") @on(deny, reason = "nothing is urgent here")
      action.payload.urgent == true`,
    rego: `
      deny_with_reason := "nothing is urgent here" if input.action.payload.urgent == true`,
    drools: `
      rule "deny_with_reason" when Action(payload.urgent == true) then deny("nothing is urgent here"); end`,
    native: rule("deny_with_reason")
      .when(field("action.payload.urgent").equals(true))
      .deny({ reason: "nothing is urgent here" }),
  },
  suppress_for_an_hour: {
    yaml: `
      - name: suppress_for_an_hour
        when: { state.counter: { key: orders, greater_than: 150 } }
        then: { suppress: { reason: "too many orders for {{ action.payload.service }}", duration: 1h } }`,
    cel: `
      @rule(name = "suppress_for_an_hour")
      @on(suppress, reason = "too many orders for " + action.payload.service, duration = duration("1h"))
      state.counter("orders") > 150`,
    rego: otherwise(
      "printed",
      `
      suppress_for_an_hour := {
        "reason": sprintf("too many orders for %s", [input.action.payload.service]),
        "duration": "1h",
      } if state.counter("orders") > 150`,
    ),
    drools: `
      rule "suppress_for_an_hour"
      when $a : Action(state.counter("orders") > 150)
      then suppress("too many orders for " + $a.payload.service, "1h"); end`,
    native: rule("suppress_for_an_hour")
      .when(counter("orders").greaterThan(150))
      .suppress({ reason: text`too many orders for ${field("action.payload.service")}`, duration: "1h" }),
  },
  deduplicate_orders: {
    yaml: `
      - name: deduplicate_orders
        when: { field: action.action_type, equals: order }
        then: { deduplicate: { key: "{{ action.payload.customer }}:{{ action.payload.ticket }}", window: 10m } }`,
    cel: `
      @rule(name = "deduplicate_orders")
      @on(deduplicate, key = action.payload.customer + ":" + action.payload.ticket, window = duration("10m"))
      action.action_type == "order"`,
    rego: `
      deduplicate_orders := {
        "key": sprintf("%s:%s", [input.action.payload.customer, input.action.payload.ticket]),
        "window": "10m",
      } if input.action.action_type == "order"`,
    drools: `
      rule "deduplicate_orders"
      when $a : Action(actionType == "order")
      then deduplicate($a.payload.customer + ":" + $a.payload.ticket, "10m"); end`,
    native: rule("deduplicate_orders")
      .when(field("action.action_type").equals("order"))
      .deduplicate({
        key: text`${field("action.payload.customer")}:${field("action.payload.ticket")}`,
        window: "10m",
      }),
  },
  throttle_mails: {
    yaml: `
      - name: throttle_mails
        when: { field: action.provider, equals: mail }
        then: { throttle: { rate: 3, window: 1m } }`,
    legacy: `
      - name: throttle_mails
        condition: { field: action.provider, eq: mail }
        action: { type: throttle, max_count: 3, window_seconds: 60 }`,
    cel: `
      @rule(name = "throttle_mails") @on(throttle, rate = 3, window = duration("1m"))
      action.provider == "mail"`,
    rego: `
      throttle_mails := {"rate": 3, "window": "1m"} if input.action.provider == "mail"`,
    drools: `
      rule "throttle_mails" when Action(provider == "mail") then throttle(3, "1m"); end`,
    native: rule("throttle_mails").when(field("action.provider").equals("mail")).throttle({ rate: 3, window: "1m" }),
  },
  reroute_to_their_backup: {
    yaml: `
      - name: reroute_to_their_backup
        when: { field: action.provider, equals: slack }
        then: { reroute: { to: "{{ action.payload.backup }}" } }`,
    cel: `
      @rule(name = "reroute_to_their_backup") @on(reroute, to = action.payload.backup)
      action.provider == "slack"`,
    rego: `
      reroute_to_their_backup := {"to": input.action.payload.backup} if input.action.provider == "slack"`,
    drools: `
      rule "reroute_to_their_backup" when $a : Action(provider == "slack") then reroute($a.payload.backup); end`,
    native: rule("reroute_to_their_backup")
      .when(field("action.provider").equals("slack"))
      .reroute(field("action.payload.backup")),
  },
  modify_with_a_patch: {
    yaml: `
      - name: modify_with_a_patch
        when: { field: action.payload.urgent, equals: true }
        then: { modify: { merge: { urgent: null, host: { name: hidden }, tags: [urgent] } } }`,
    legacy: otherwise(
      "existingModify",
      `
      - name: modify_with_a_patch
        condition: { field: action.payload.urgent, eq: true }
        action: { type: modify, changes: { urgent: null, host: { name: hidden }, tags: [urgent] } }`,
    ),
    cel: `
      @rule(name = "modify_with_a_patch")
      @on(modify, merge = {"urgent": null, "host": {"name": "hidden"}, "tags": ["urgent"]})
      action.payload.urgent == true`,
    rego: `
      modify_with_a_patch := {
        "merge": {"urgent": null, "host": {"name": "hidden"}, "tags": ["urgent"]},
      } if input.action.payload.urgent == true`,
    drools: `
      rule "modify_with_a_patch"
      when Action(payload.urgent == true)
      then modify(["urgent": null, "host": ["name": "hidden"], "tags": ["urgent"]]); end`,
    native: rule("modify_with_a_patch")
      .when(field("action.payload.urgent").equals(true))
      .modify({ merge: { urgent: null, host: { name: "hidden" }, tags: ["urgent"] } }),
  },
  modify_one_by_one: {
    yaml: `
      - name: modify_one_by_one
        when: { field: action.payload.severity, equals: critical }
        then:
          modify:
            set: { host.owner: ops, total: "{{ action.payload.amount }}" }
            remove: [text, host.name]
            rename: { customer: client }`,
    cel: `
      @rule(name = "modify_one_by_one")
      @on(
        modify,
        set = {"host.owner": "ops", "total": action.payload.amount},
        remove = ["text", "host.name"],
        rename = {"customer": "client"},
      )
      action.payload.severity == "critical"`,
    rego: `
      modify_one_by_one := {
        "set": {"host.owner": "ops", "total": input.action.payload.amount},
        "remove": ["text", "host.name"],
        "rename": {"customer": "client"},
      } if input.action.payload.severity == "critical"`,
    drools: `
      rule "modify_one_by_one"
      when $a : Action(payload.severity == "critical")
      then
        modify($a) {
          payload.host.owner = "ops",
          payload.total = payload.amount,
          payload.remove("text"),
          payload.host.remove("name"),
          payload.rename("customer", "client")
        }
      end`,
    native: rule("modify_one_by_one")
      .when(field("action.payload.severity").equals("critical"))
      .modify({
        set: { "host.owner": "ops", total: field("action.payload.amount") },
        remove: ["text", "host.name"],
        rename: { customer: "client" },
      }),
  },
  custom_budget: {
    yaml: `
      - name: custom_budget
        when: { field: action.action_type, equals: order }
        then: { custom: { handler: budget, params: { limit: 500, customer: "{{ action.payload.customer }}" } } }`,
    cel: `
      @rule(name = "custom_budget")
      @on(custom, handler = "budget", params = {"limit": 500, "customer": action.payload.customer})
      action.action_type == "order"`,
    rego: `
      custom_budget := {
        "handler": "budget",
        "params": {"limit": 500, "customer": input.action.payload.customer},
      } if input.action.action_type == "order"`,
    drools: `
      rule "custom_budget"
      when $a : Action(actionType == "order")
      then custom("budget", ["limit": 500, "customer": $a.payload.customer]); end`,
    native: rule("custom_budget")
      .when(field("action.action_type").equals("order"))
      .custom("budget", { limit: 500, customer: field("action.payload.customer") }),
  },
} as const satisfies SameRules;
