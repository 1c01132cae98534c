import { describeRuleFrontEnd } from "@acteon/rules/conformance";
import { regoFrontEnd } from "../src/index.ts";

const head = (name: string, priority: number): string => `package acteon.rules

# METADATA
# custom:
#   name: ${name}
#   priority: ${priority}
`;

describeRuleFrontEnd({
  name: "rego",
  frontEnd: regoFrontEnd,
  rules: {
    "suppress-info": `${head("suppress-info", 10)}suppress_info := "only information" if {
  input.action.provider == "slack"
  input.action.payload.severity == "info"
}
`,
    "deny-large": `${head("deny-large", 0)}deny_large if input.action.payload.amount > 1000
`,
    "reroute-vip": `${head("reroute-vip", -5)}reroute_vip := "pager" if {
  input.action.payload.customer in ["ann", "bob"]
}
`,
    "deduplicate-slack-alerts": `${head("deduplicate-slack-alerts", 100)}deduplicate_slack_alerts := {"key": action.dedup_key(), "window": "5m"} if {
  input.action.provider == "slack"
  startswith(input.action.payload.channel, "#alerts")
  state.seen(action.dedup_key(), "5m")
}
`,
    "throttle-pagerduty": `${head("throttle-pagerduty", 90)}throttle_pagerduty := {"rate": 10, "window": "1m"} if {
  input.action.provider == "pagerduty"
  state.counter(sprintf("%s:alerts", [input.action.payload.service]), "1m") > 10
}
`,
  },
  mistakes: [
    {
      text: `package acteon.rules

deny_x if {
  y > 3
  startwith("a", "b")
}

supress_y := {"verdict": "supress"} if input.payload.a == 1

throttle_z := 5 if input.action.payload.n

deduplicate_a if deduplicate_a
`,
      lines: [4, 5, 8, 8, 10, 12],
    },
    { text: "deny if true\n", lines: [1] },
    { text: "", lines: [1] },
  ],
});
