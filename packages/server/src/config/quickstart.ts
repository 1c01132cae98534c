import type { ConfigSources } from "./read-config.ts";

/**
 * What `acteon serve --quickstart` runs: nothing to install, nothing to sign up for. The webhook waits for somebody to
 * listen on the address; until then an action that is sent there ends as `Failed`.
 */
export const quickstart: Pick<ConfigSources, "file" | "text"> = {
  file: "quickstart",
  text: `[server]
host = "127.0.0.1"
port = 8080
drain_delay_ms = 0

[state]
backend = "embedded"
path = "./data"

[rules]
directory = "./rules/starter"
watch = true

[audit]
backend = "sqlite"

[providers.console]

[providers.webhook]
url = "\${ACTEON_WEBHOOK_URL:-http://127.0.0.1:8081/}"
`,
};

/** An action to try it with: the first time it is printed, then it is a duplicate for five minutes. */
export const quickstartAction = {
  id: "first-alert",
  namespace: "demo",
  tenant: "acme",
  provider: "console",
  action_type: "alert",
  payload: { service: "checkout", severity: "critical", text: "payments are failing" },
  dedup_key: "checkout-payments",
} as const;

/** A line to paste into a shell. */
export function quickstartCurl(url: string): string {
  return `curl -s ${url}/v1/dispatch -H 'content-type: application/json' -d '${JSON.stringify(quickstartAction)}'`;
}
