# Alerts in Slack: the same one once in five minutes, and over the backup while Slack is down.

package acteon.rules

# METADATA
# custom:
#   priority: 100
deduplicate_slack := {"key": action.dedup_key(), "window": "5m"} if {
	input.action.provider == "slack"
	startswith(input.action.payload.channel, "#alerts")
	state.seen(action.dedup_key(), "5m")
}

# METADATA
# custom:
#   priority: 50
reroute_to_backup := "slack-backup" if {
	input.action.provider == "slack"
	env.circuit_open("slack-primary")
}
