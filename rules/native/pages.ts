import { all, call, counter, field, now, rule, text } from "@acteon/rules-native";

// Pages: at most ten of a service in a minute, and none in a maintenance window.

export const throttlePages = rule("throttle-pages")
  .priority(90)
  .when(
    field("action.provider").equals("pagerduty"),
    counter(text`${field("action.payload.service")}:alerts`, "1m").greaterThan(10),
  )
  .throttle({ rate: 10, window: "1m" });

export const suppressMaintenance = rule("suppress-maintenance")
  .priority(80)
  .description("Services that are being worked on page nobody")
  .when(
    field("action.provider").equals("pagerduty"),
    field("action.payload.maintenance").any("window", (window) =>
      all(now.atLeast(call("timestamp", window.at("start"))), now.lessThan(call("timestamp", window.at("end")))),
    ),
  )
  .suppress({ reason: text`maintenance of ${field("action.payload.service")}` });
