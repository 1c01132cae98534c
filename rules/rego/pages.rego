# Pages: at most ten of a service in a minute.

package acteon.rules

# METADATA
# custom:
#   priority: 90
throttle_pages := {"rate": 10, "window": "1m"} if {
	input.action.provider == "pagerduty"
	state.counter(sprintf("%s:alerts", [input.action.payload.service]), "1m") > 10
}
