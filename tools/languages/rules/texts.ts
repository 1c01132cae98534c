import { call, field, rule } from "@acteon/rules-native";
import { otherwise } from "../same-rule.ts";
import type { SameRules } from "../same-rule.ts";

/** Parts of texts, patterns and functions of texts. */
export const texts = {
  deduplicate_alerts_channels: {
    yaml: `
      - name: deduplicate_alerts_channels
        when: { field: action.payload.channel, starts_with: "#alerts" }
        then: deduplicate`,
    legacy: `
      - name: deduplicate_alerts_channels
        condition: { field: action.payload.channel, starts_with: "#alerts" }
        action: { type: deduplicate }`,
    cel: `
      @rule(name = "deduplicate_alerts_channels") @on(deduplicate)
      action.payload.channel.startsWith("#alerts")`,
    rego: `
      deduplicate_alerts_channels if startswith(input.action.payload.channel, "#alerts")`,
    drools: `
      rule "deduplicate_alerts_channels"
      when Action(payload.channel str[startsWith] "#alerts")
      then deduplicate(); end`,
    native: rule("deduplicate_alerts_channels")
      .when(field("action.payload.channel").startsWith("#alerts"))
      .deduplicate(),
  },
  suppress_test_hosts: {
    yaml: `
      - name: suppress_test_hosts
        when: { field: action.payload.host.name, ends_with: .test }
        then: suppress`,
    legacy: `
      - name: suppress_test_hosts
        condition: { field: action.payload.host.name, ends_with: .test }
        action: { type: suppress }`,
    cel: `
      @rule(name = "suppress_test_hosts") @on(suppress)
      action.payload.host.name.endsWith(".test")`,
    rego: `
      suppress_test_hosts if endswith(input.action.payload.host.name, ".test")`,
    drools: `
      rule "suppress_test_hosts" when Action(payload.host.name str[endsWith] ".test") then suppress(); end`,
    native: rule("suppress_test_hosts").when(field("action.payload.host.name").endsWith(".test")).suppress(),
  },
  deny_passwords: {
    yaml: `
      - name: deny_passwords
        when: { field: action.payload.text, contains: password }
        then: deny`,
    legacy: `
      - name: deny_passwords
        condition: { field: action.payload.text, contains: password }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_passwords") @on(deny)
      action.payload.text.contains("password")`,
    rego: `
      deny_passwords if contains(input.action.payload.text, "password")`,
    drools: `
      rule "deny_passwords" when Action(payload.text contains "password") then deny(); end`,
    native: rule("deny_passwords").when(field("action.payload.text").contains("password")).deny(),
  },
  reroute_tickets: {
    yaml: `
      - name: reroute_tickets
        when: { field: action.payload.ticket, matches: '^[A-Z]+-\\d+$' }
        then: { reroute: { to: jira } }`,
    legacy: `
      - name: reroute_tickets
        condition: { field: action.payload.ticket, matches: '^[A-Z]+-\\d+$' }
        action: { type: reroute, target_provider: jira }`,
    cel: `
      @rule(name = "reroute_tickets") @on(reroute, to = "jira")
      action.payload.ticket.matches(r"^[A-Z]+-\\d+$")`,
    rego: `
      reroute_tickets := "jira" if regex.match(\`^[A-Z]+-\\d+$\`, input.action.payload.ticket)`,
    drools: `
      rule "reroute_tickets" when Action(payload.ticket matches "[A-Z]+-\\\\d+") then reroute("jira"); end`,
    native: rule("reroute_tickets").when(field("action.payload.ticket").matches("^[A-Z]+-\\d+$")).reroute("jira"),
  },
  deny_card_numbers: {
    yaml: `
      - name: deny_card_numbers
        when: { field: action.payload.text, matches: '\\b\\d{13,16}\\b' }
        then: deny`,
    legacy: `
      - name: deny_card_numbers
        condition: { field: action.payload.text, matches: '\\b\\d{13,16}\\b' }
        action: { type: deny }`,
    cel: `
      @rule(name = "deny_card_numbers") @on(deny)
      action.payload.text.matches(r"\\b\\d{13,16}\\b")`,
    rego: `
      deny_card_numbers if regex.match(\`\\b\\d{13,16}\\b\`, input.action.payload.text)`,
    drools: otherwise(
      "wholeText",
      `
      rule "deny_card_numbers" when Action(payload.text matches ".*\\\\b\\\\d{13,16}\\\\b.*") then deny(); end`,
    ),
    native: rule("deny_card_numbers").when(field("action.payload.text").matches("\\b\\d{13,16}\\b")).deny(),
  },
  suppress_ann: {
    yaml: otherwise(
      "asciiCase",
      `
      - name: suppress_ann
        when: { expr: 'action.payload.customer.lowerAscii() == "ann"' }
        then: suppress`,
    ),
    cel: otherwise(
      "asciiCase",
      `
      @rule(name = "suppress_ann") @on(suppress)
      action.payload.customer.lowerAscii() == "ann"`,
    ),
    rego: `
      suppress_ann if lower(input.action.payload.customer) == "ann"`,
    drools: `
      rule "suppress_ann" when Action(payload.customer.toLowerCase() == "ann") then suppress(); end`,
    native: rule("suppress_ann").when(field("action.payload.customer").lower().equals("ann")).suppress(),
  },
  deny_padded_names: {
    yaml: `
      - name: deny_padded_names
        when: { expr: action.payload.customer.trim() != action.payload.customer }
        then: deny`,
    cel: `
      @rule(name = "deny_padded_names") @on(deny)
      action.payload.customer.trim() != action.payload.customer`,
    rego: `
      deny_padded_names if trim_space(input.action.payload.customer) != input.action.payload.customer`,
    drools: `
      rule "deny_padded_names" when Action(payload.customer.trim() != payload.customer) then deny(); end`,
    native: rule("deny_padded_names")
      .when(field("action.payload.customer").trim().notEquals(field("action.payload.customer")))
      .deny(),
  },
  deny_long_texts: {
    yaml: `
      - name: deny_long_texts
        when: { expr: size(action.payload.text) > 20 }
        then: deny`,
    cel: `
      @rule(name = "deny_long_texts") @on(deny)
      size(action.payload.text) > 20`,
    rego: `
      deny_long_texts if count(input.action.payload.text) > 20`,
    drools: `
      rule "deny_long_texts" when Action(payload.text.length() > 20) then deny(); end`,
    native: rule("deny_long_texts").when(field("action.payload.text").size().greaterThan(20)).deny(),
  },
  reroute_555: {
    yaml: `
      - name: reroute_555
        when: { expr: 'action.payload.phone.replace(" ", "").startsWith("555")' }
        then: { reroute: { to: sms } }`,
    cel: `
      @rule(name = "reroute_555") @on(reroute, to = "sms")
      action.payload.phone.replace(" ", "").startsWith("555")`,
    rego: `
      reroute_555 := "sms" if startswith(replace(input.action.payload.phone, " ", ""), "555")`,
    drools: `
      rule "reroute_555" when Action(payload.phone.replace(" ", "") str[startsWith] "555") then reroute("sms"); end`,
    native: rule("reroute_555")
      .when(call("replace", field("action.payload.phone"), " ", "").startsWith("555"))
      .reroute("sms"),
  },
} as const satisfies SameRules;
