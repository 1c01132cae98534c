/**
 * The library alone: no server, no file, state in memory. An on-call tool that pages once per service and five minutes, and
 * says why the second page was not sent.
 */
import { createGateway, dedupKey, defineRule, field, rule } from "acteon";

const onlyOnce = rule("page-once-per-service")
  .priority(10)
  .when(field("action.action_type").equals("page"))
  .deduplicate({ key: dedupKey, window: "5m" });

const notAtAll = defineRule({
  name: "nothing-below-warning",
  evaluate: ({ action }) => {
    const { severity } = action.payload as { severity: string };
    return severity === "info" ? { kind: "suppress", reason: "only information" } : undefined;
  },
});

const pages: string[] = [];
await using gateway = await createGateway({
  rules: [onlyOnce, notAtAll],
  providers: {
    pager: {
      execute: (action) => {
        pages.push(String(action.dedupKey));
        return { kind: "answered", response: { status: "success", body: null, headers: {} } };
      },
    },
  },
});

for (const [service, severity] of [
  ["api", "critical"],
  ["api", "critical"],
  ["db", "critical"],
  ["web", "info"],
] as const) {
  const outcome = await gateway.dispatch({
    namespace: "ops",
    tenant: "shop",
    provider: "pager",
    actionType: severity === "info" ? "note" : "page",
    dedupKey: service,
    payload: { service, severity },
  });
  console.log(`${service} ${severity}: ${outcome.kind}`);
}
console.log(`paged for: ${pages.join(", ")}`);
