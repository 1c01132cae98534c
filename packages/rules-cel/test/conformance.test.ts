import { describeRuleFrontEnd } from "@acteon/rules/conformance";
import { celFrontEnd } from "../src/index.ts";

describeRuleFrontEnd({
  name: "cel",
  frontEnd: celFrontEnd,
  rules: {
    "suppress-info": `@rule(name = "suppress-info", priority = 10)
@on(suppress, reason = "only information")
action.provider == "slack" && action.payload.severity == "info"
`,
    "deny-large": `@rule(name = "deny-large")
@on(deny)
action.payload.amount > 1000
`,
    "reroute-vip": `@rule(name = "reroute-vip", priority = -5)
@on(reroute, to = "pager")
action.payload.customer in ["ann", "bob"]
`,
    "deduplicate-slack-alerts": `@rule(name = "deduplicate-slack-alerts", priority = 100)
@on(deduplicate, key = action.dedup_key(), window = duration("5m"))
action.provider == "slack"
    && action.payload.channel.startsWith("#alerts")
    && state.seen(action.dedup_key(), duration("5m"))
`,
    "throttle-pagerduty": `@rule(name = "throttle-pagerduty", priority = 90)
@on(throttle, rate = 10, window = duration("1m"))
action.provider == "pagerduty"
    && state.counter(action.payload.service + ":alerts", duration("1m")) > 10
`,
  },
  mistakes: [
    {
      text: `@rule(name = "a", priorty = 5)
@on(supress)
action.provider = "slack"

@rule(name = "b")
@on(throttle, window = "1m")
action.payload.x.startWith("a") && (1 + ) && wat

@rule(name = 5)
@on(deny)
has(action)

@on(allow)
true
`,
      // Of the second rule the verdict, and two mistakes of its condition.
      lines: [1, 2, 3, 6, 7, 7, 7, 9, 11, 13],
    },
    { text: "action.provider == 'slack'\n", lines: [1] },
    { text: "", lines: [1] },
  ],
});
