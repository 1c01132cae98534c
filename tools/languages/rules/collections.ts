import { defineRule, field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** Lists, what is in them, and maps within maps. */
export const collections = {
  deny_dear_items: {
    yaml: `
      - name: deny_dear_items
        when: { expr: 'action.payload.items.exists(item, item.price > 100)' }
        then: deny`,
    cel: `
      @rule(name = "deny_dear_items") @on(deny)
      action.payload.items.exists(item, item.price > 100)`,
    rego: `
      deny_dear_items if {
        some item in input.action.payload.items
        item.price > 100
      }`,
    drools: otherwise(
      "from",
      `
      rule "deny_dear_items"
      when
        $a : Action()
        exists Object(price > 100) from $a.payload.items
      then deny(); end`,
    ),
    native: rule("deny_dear_items")
      .when(field("action.payload.items").any("item", (item) => item.at("price").greaterThan(100)))
      .deny(),
  },
  suppress_cheap_orders: {
    yaml: `
      - name: suppress_cheap_orders
        when: { expr: 'action.payload.items.all(item, item.price < 20)' }
        then: suppress`,
    cel: `
      @rule(name = "suppress_cheap_orders") @on(suppress)
      action.payload.items.all(item, item.price < 20)`,
    rego: `
      suppress_cheap_orders if {
        every item in input.action.payload.items { item.price < 20 }
      }`,
    drools: otherwise(
      "from",
      `
      rule "suppress_cheap_orders"
      when
        $a : Action()
        forall(Object(price < 20) from $a.payload.items)
      then suppress(); end`,
    ),
    native: rule("suppress_cheap_orders")
      .when(field("action.payload.items").every("item", (item) => item.at("price").lessThan(20)))
      .suppress(),
  },
  deny_several_dear_items: {
    yaml: `
      - name: deny_several_dear_items
        when: { expr: 'size(action.payload.items.filter(item, item.price > 20)) > 1' }
        then: deny`,
    cel: `
      @rule(name = "deny_several_dear_items") @on(deny)
      size(action.payload.items.filter(item, item.price > 20)) > 1`,
    rego: `
      deny_several_dear_items if count([item | some item in input.action.payload.items; item.price > 20]) > 1`,
    drools: otherwise(
      "from",
      `
      rule "deny_several_dear_items"
      when
        $a : Action()
        accumulate($item : Object(price > 20) from $a.payload.items; $n : count($item); $n > 1)
      then deny(); end`,
    ),
    native: otherwise(
      "madeLists",
      defineRule({
        name: "deny_several_dear_items",
        evaluate: ({ action }) => {
          const { items } = action.payload as { readonly items: readonly { readonly price: number }[] };
          return items.filter(({ price }) => price > 20).length > 1 ? { kind: "deny" } : undefined;
        },
      }),
    ),
  },
  suppress_tagged_quiet: {
    yaml: `
      - name: suppress_tagged_quiet
        when: { field: action.payload.tags, contains: quiet }
        then: suppress`,
    legacy: `
      - name: suppress_tagged_quiet
        condition: { field: action.payload.tags, contains: quiet }
        action: { type: suppress }`,
    cel: otherwise(
      "contains",
      `
      @rule(name = "suppress_tagged_quiet") @on(suppress)
      "quiet" in action.payload.tags`,
    ),
    rego: otherwise(
      "contains",
      `
      suppress_tagged_quiet if "quiet" in input.action.payload.tags`,
    ),
    drools: `
      rule "suppress_tagged_quiet" when Action(payload.tags contains "quiet") then suppress(); end`,
    native: rule("suppress_tagged_quiet").when(field("action.payload.tags").contains("quiet")).suppress(),
  },
  deny_many_items: {
    yaml: `
      - name: deny_many_items
        when: { expr: size(action.payload.items) > 2 }
        then: deny`,
    cel: `
      @rule(name = "deny_many_items") @on(deny)
      size(action.payload.items) > 2`,
    rego: `
      deny_many_items if count(input.action.payload.items) > 2`,
    drools: `
      rule "deny_many_items" when Action(payload.items.size() > 2) then deny(); end`,
    native: rule("deny_many_items").when(field("action.payload.items").size().greaterThan(2)).deny(),
  },
  suppress_free_first: {
    yaml: `
      - name: suppress_free_first
        when: { field: 'action.payload.items[0].price', equals: 0 }
        then: suppress`,
    cel: `
      @rule(name = "suppress_free_first") @on(suppress)
      action.payload.items[0].price == 0`,
    rego: `
      suppress_free_first if input.action.payload.items[0].price == 0`,
    drools: `
      rule "suppress_free_first" when Action(payload.items[0].price == 0) then suppress(); end`,
    native: rule("suppress_free_first")
      .when(field("action.payload.items", 0, "price").equals(0))
      .suppress(),
  },
  reroute_europe: {
    yaml: `
      - name: reroute_europe
        when: { field: action.payload.host.region.name, equals: eu }
        then: { reroute: { to: sms-eu } }`,
    legacy: `
      - name: reroute_europe
        condition: { field: action.payload.host.region.name, eq: eu }
        action: { type: reroute, target_provider: sms-eu }`,
    cel: `
      @rule(name = "reroute_europe") @on(reroute, to = "sms-eu")
      action.payload.host.region.name == "eu"`,
    rego: `
      reroute_europe := "sms-eu" if input.action.payload.host.region.name == "eu"`,
    drools: `
      rule "reroute_europe" when Action(payload.host.region.name == "eu") then reroute("sms-eu"); end`,
    native: rule("reroute_europe").when(field("action.payload.host.region.name").equals("eu")).reroute("sms-eu"),
  },
  deny_labelled_db: {
    yaml: `
      - name: deny_labelled_db
        when: { field: 'action.payload.labels["app/name"]', equals: db }
        then: deny`,
    cel: `
      @rule(name = "deny_labelled_db") @on(deny)
      action.payload.labels["app/name"] == "db"`,
    rego: `
      deny_labelled_db if input.action.payload.labels["app/name"] == "db"`,
    drools: `
      rule "deny_labelled_db" when Action(payload.labels["app/name"] == "db") then deny(); end`,
    native: rule("deny_labelled_db").when(field("action.payload.labels", "app/name").equals("db")).deny(),
  },
  suppress_switched_off: {
    yaml: `
      - name: suppress_switched_off
        when: { expr: 'action.payload.labels[action.payload.service] == "off"' }
        then: suppress`,
    cel: `
      @rule(name = "suppress_switched_off") @on(suppress)
      action.payload.labels[action.payload.service] == "off"`,
    rego: `
      suppress_switched_off if input.action.payload.labels[input.action.payload.service] == "off"`,
    drools: `
      rule "suppress_switched_off" when Action(payload.labels[payload.service] == "off") then suppress(); end`,
    native: rule("suppress_switched_off")
      .when(field("action.payload.labels").at(field("action.payload.service")).equals("off"))
      .suppress(),
  },
} as const satisfies SameRules;
