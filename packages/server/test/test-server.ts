import type { AuditStore } from "@acteon/audit";
import type { Clock } from "@acteon/core";
import { systemClock, systemRandom } from "@acteon/core";
import { RuleEngine } from "@acteon/rules";
import type { ApiKeyEntry } from "../src/auth/auth-file.ts";
import { ApiKeyAuthenticator } from "../src/auth/api-key-authenticator.ts";
import { openDoor } from "../src/auth/authenticator.ts";
import { FailureLimiter } from "../src/auth/failure-limiter.ts";
import type { HttpLimits } from "../src/config/config.ts";
import { readConfig } from "../src/config/read-config.ts";
import { Listener } from "../src/http/listener.ts";
import type { Logger } from "../src/log/logger.ts";
import { silentLogger } from "../src/log/logger.ts";
import { createRoutes } from "../src/routes/routes.ts";
import type { RulesPort } from "../src/routes/rules-port.ts";
import type { Services } from "../src/routes/services.ts";
import { TestGateway } from "./test-gateway.ts";
import { testMetrics } from "./test-metrics.ts";

export interface TestServerOptions {
  readonly gateway?: TestGateway;
  readonly limits?: Partial<HttpLimits>;
  /** Authentication is on, with these keys. */
  readonly keys?: readonly ApiKeyEntry[];
  readonly maxFailuresPerMinute?: number;
  readonly trustedProxies?: readonly string[];
  readonly corsAllowedOrigins?: readonly string[];
  readonly audit?: AuditStore;
  readonly rules?: RulesPort;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface TestServer extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly listener: Listener;
  readonly port: number;
  readonly url: string;
}

/** The HTTP part of the server on a free port of this machine, over a gateway that a test tells what to do. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { gateway = new TestGateway(), clock = systemClock, keys, logger = silentLogger } = options;
  const limits = { ...readConfig({ file: "", text: "", environment: {} }).config.http, ...options.limits };
  const limiter = new FailureLimiter({ maxPerMinute: options.maxFailuresPerMinute ?? 1_000, maxTracked: 1_000 }, clock);
  const byKey = new ApiKeyAuthenticator(limiter, clock, () => undefined);
  byKey.replaceKeys(keys ?? []);
  const listener = new Listener({
    routes: createRoutes(testServices(gateway, options)),
    limits,
    clock,
    logger,
    authenticator: keys === undefined ? openDoor : byKey,
    cors: {
      allowedOrigins: options.corsAllowedOrigins ?? [],
      authenticated: keys !== undefined,
      externalUrl: undefined,
    },
    trustedProxies: options.trustedProxies ?? [],
    random: systemRandom,
  });
  const { port } = await listener.listen({ host: "127.0.0.1", port: 0, shared: false });
  return {
    gateway,
    listener,
    port,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

export function testServices(
  gateway: TestGateway,
  { clock = systemClock, audit, rules }: TestServerOptions = {},
): Services {
  return {
    gateway,
    clock,
    rules: rules ?? testRules(),
    providerHealth: { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 },
    audit: audit === undefined ? undefined : { store: audit, ttlMs: undefined },
    readiness: { check: () => gateway.healthCheck() },
    metrics: () => testMetrics(gateway),
  };
}

/** No rules but one called `quiet`, which can be switched. */
export function testRules(engine = new RuleEngine()): RulesPort {
  return {
    list: () => engine.listRules(),
    reload: () => Promise.resolve({ rules: engine.current().size, directory: "rules" }),
    setEnabled: (name) => name === "quiet",
    timezone: "UTC",
    explain: (...question) => engine.explain(...question),
  };
}
