# Pages: at most ten of a service in a minute, and none in a maintenance window.

package acteon.rules

# METADATA
# custom:
#   priority: 90
throttle_pages := {"rate": 10, "window": "1m"} if {
	input.action.provider == "pagerduty"
	state.counter(sprintf("%s:alerts", [input.action.payload.service]), "1m") > 10
}

# METADATA
# description: Services that are being worked on page nobody
# custom:
#   priority: 80
suppress_pages := sprintf("maintenance of %s", [input.action.payload.service]) if {
	input.action.provider == "pagerduty"
	some window in input.action.payload.maintenance
	time.parse_rfc3339_ns(window.start) <= time.now_ns()
	time.now_ns() < time.parse_rfc3339_ns(window.end)
}
