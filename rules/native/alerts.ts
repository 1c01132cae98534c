import { circuitOpen, dedupKey, field, rule, seen } from "@acteon/rules-native";

// Alerts in Slack: the same one once in five minutes, and over the backup while Slack is down.

export const deduplicateSlackAlerts = rule("deduplicate-slack-alerts")
  .priority(100)
  .when(
    field("action.provider").equals("slack"),
    field("action.payload.channel").startsWith("#alerts"),
    seen(dedupKey, "5m"),
  )
  .deduplicate({ key: dedupKey, window: "5m" });

export const rerouteToBackup = rule("reroute-to-backup")
  .priority(50)
  .when(field("action.provider").equals("slack"), circuitOpen("slack-primary"))
  .reroute("slack-backup");
