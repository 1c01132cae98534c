import { describeRuleFrontEnd } from "@acteon/rules/conformance";
import { droolsFrontEnd } from "../src/index.ts";

describeRuleFrontEnd({
  name: "drools",
  frontEnd: droolsFrontEnd,
  rules: {
    "suppress-info": `rule "suppress-info"
    salience -10
when
    Action( provider == "slack", payload.severity == "info" )
then
    suppress("only information");
end
`,
    "deny-large": `rule "deny-large"
when
    Action( payload.amount > 1000 )
then
    deny();
end
`,
    "reroute-vip": `rule "reroute-vip"
    salience 5
when
    Action( payload.customer in ("ann", "bob") )
then
    reroute("pager");
end
`,
    "deduplicate-slack-alerts": `rule "deduplicate-slack-alerts"
    salience -100
when
    $a : Action( provider == "slack", payload.channel str[startsWith] "#alerts" )
    eval( state.seen($a.dedupKey(), "5m") )
then
    deduplicate($a.dedupKey(), "5m");
end
`,
    "throttle-pagerduty": `rule "throttle-pagerduty"
    salience -90
when
    Action( provider == "pagerduty", $service : payload.service )
    eval( state.counter($service + ":alerts", 1m) > 10 )
then
    throttle(10, "1m");
end
`,
  },
  mistakes: [
    {
      text: `rule "a"
    salience 5
when
    Action( provder == "slack", payload.severity = "info" )
    $x : Alert( severity == "high" ) from action.payload.alerts
then
    supress("x");
end

rule "b"
when
    Action( provider equals "slack", state.sen("k") )
    eval( $missing > 3 )
then
    System.out.println("java");
end

rule "c"
then
end

rule "d" when /alerts[ severity == "high" ] then deny(); end
`,
      // Of the action that is no fact in line 4 and of the equality there, and so on: each mistake is told by itself.
      lines: [4, 4, 5, 7, 12, 12, 13, 15, 18, 22],
    },
    { text: 'rulle "x" when then deny(); end', lines: [1] },
    { text: "", lines: [1] },
    { text: "// nothing\n", lines: [1] },
  ],
});
