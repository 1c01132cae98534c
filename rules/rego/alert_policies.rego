# rules/alert_policies.rego

package acteon.rules

import future.keywords.if
import future.keywords.in

# Deduplicate identical alerts within 5 minutes
deduplicate_alert if {
    input.action.provider == "pagerduty"
    input.action.type == "trigger"

    key := sprintf("%s:%s", [
        input.action.payload.service,
        input.action.payload.alert_key
    ])
    state.seen(key, "5m")
}

# Suppress alerts during maintenance windows
suppress_maintenance if {
    input.action.provider in ["pagerduty", "slack"]
    maintenance := data.maintenance_windows[_]
    time.now_ns() >= maintenance.start
    time.now_ns() <= maintenance.end
    input.action.payload.service in maintenance.services
}
