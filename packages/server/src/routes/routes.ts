import type { Exchange } from "../http/exchange.ts";
import type { Route } from "../http/router.ts";
import { getAuditRecord, queryAudit } from "./audit-routes.ts";
import {
  deadLetterStats,
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  requeueDeadLetter,
} from "./dead-letter-routes.ts";
import { dispatchMany, dispatchOne } from "./dispatch-routes.ts";
import { evaluateRules } from "./evaluate-route.ts";
import { health, live, metricsAsJson, metricsAsText, providerHealth, ready } from "./health-routes.ts";
import { enableRule, listRules, reloadRules } from "./rules-routes.ts";
import type { Services } from "./services.ts";

type Handle = (exchange: Exchange, services: Services) => void | Promise<void>;

/** Everything that is served, and what a caller needs for it (guarantees S1): what is not here is denied. */
const table: readonly (readonly [Route["method"], path: string, Route["permission"], Handle])[] = [
  ["GET", "/live", "public", live],
  ["GET", "/ready", "public", ready],
  ["GET", "/health", "public", health],
  ["GET", "/metrics", "public", metricsAsJson],
  ["GET", "/metrics/prometheus", "public", metricsAsText],
  ["POST", "/v1/dispatch", "act", dispatchOne],
  ["POST", "/v1/dispatch/batch", "act", dispatchMany],
  ["GET", "/v1/rules", "read", listRules],
  ["POST", "/v1/rules/reload", "act", reloadRules],
  ["POST", "/v1/rules/evaluate", "read", evaluateRules],
  ["PUT", "/v1/rules/{name}/enabled", "act", enableRule],
  ["GET", "/v1/audit", "read", queryAudit],
  ["GET", "/v1/audit/{action_id}", "read", getAuditRecord],
  ["GET", "/v1/providers/health", "read", providerHealth],
  ["GET", "/v1/dlq/stats", "read all", deadLetterStats],
  ["GET", "/v1/dlq/letters", "read", listDeadLetters],
  ["GET", "/v1/dlq/letters/{id}", "read", getDeadLetter],
  ["DELETE", "/v1/dlq/letters/{id}", "act", discardDeadLetter],
  ["POST", "/v1/dlq/letters/{id}/requeue", "act", requeueDeadLetter],
];

export function createRoutes(services: Services): readonly Route[] {
  return table.map(([method, path, permission, handle]) => ({
    method,
    path,
    permission,
    handle: (exchange) => handle(exchange, services),
  }));
}
