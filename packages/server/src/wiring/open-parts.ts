import type { AuditStore, AuditWriter } from "@acteon/audit";
import { createAuditWriter } from "@acteon/audit";
import type { Clock, Random } from "@acteon/core";
import { ConfigurationError } from "@acteon/core";
import { createExecutor } from "@acteon/executor";
import type { Gateway, GatewayParts } from "@acteon/gateway";
import { openGateway } from "@acteon/gateway";
import type { ProviderHealthPort } from "@acteon/rules";
import type { AuditConfig, Config } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { Peers } from "../workers/peers.ts";
import { openAudit } from "./audit-backends.ts";
import { AuditRetention } from "./audit-retention.ts";
import { HotRules } from "./hot-rules.ts";
import type { RulesEvent } from "./hot-rules.ts";
import { openProviders } from "./providers.ts";
import { isAtLeast, openState } from "./state-backends.ts";
import { TimeLimit } from "./time-limit.ts";

export interface PartsOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly print: (line: string) => void;
  readonly onRecord: GatewayParts["onRecord"];
  readonly onRules: ((event: RulesEvent) => void) | undefined;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly random: Random;
}

/** What the configuration names, opened. Disposing finishes what is in flight, and closes in reverse. */
export interface ServerParts extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly rules: HotRules;
  readonly providerHealth: ProviderHealthPort;
  /** Of this process. */
  metrics(): ServerMetrics;
  /** Absent: no audit trail. */
  readonly audit: { readonly store: AuditStore; readonly ttlMs: number | undefined } | undefined;
}

/** @throws {ActeonError} What was opened by then is closed again. */
export async function openParts(options: PartsOptions): Promise<ServerParts> {
  const { config, logger, peers, clock, random, print } = options;
  await using closing = new AsyncDisposableStack();
  const audit = config.audit.kind === "off" ? undefined : await openTrail(config.audit, options, closing);

  // These are the gateway's once it is there.
  await using lent = new AsyncDisposableStack();
  const providers = lent.use(
    await openProviders(config.providers, { outbound: config.outbound, clock, random, print }),
  );
  const names = new Set(providers.names());
  const rules = closing.use(
    await HotRules.open(config.rules, { clock, logger, peers, providers: names, onRules: options.onRules }),
  );
  using limit = new TimeLimit(clock, config.server.startupMs);
  const state = await openState(config, { clock, logger, limit, tellsWarnings: peers.first });
  lent.use(state.store);
  const auditMode = config.audit.kind === "off" ? "best_effort" : config.audit.mode;
  if (auditMode === "required" && !isAtLeast(state.store.durability, "host")) {
    throw new ConfigurationError(
      `audit.mode = "required", and ${config.state.kind} state is of class ${state.store.durability} (guarantees G9)`,
    );
  }
  const executor = createExecutor({
    clock,
    random,
    policy: config.executor,
    onCrash: (provider, error) => logger.error("provider crashed", { provider, error }),
  });
  const gateway = openGateway({
    state: state.store,
    rules,
    providers,
    executor,
    audit: audit?.writer,
    settings: {
      ...config.gateway,
      drainMs: config.server.drainMs,
      auditMode,
    },
    clock,
    random,
    onRecord: options.onRecord,
    onFault: (error) => logger.error("fault", { error }),
  });
  lent.move();
  closing.use(gateway);
  const all = closing.move();
  return {
    gateway,
    rules,
    audit,
    providerHealth: executor.health,
    metrics: () => ({ ...gateway.metrics(), stores: state.metrics() }),
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}

interface Trail {
  readonly store: AuditStore;
  /** The gateway disposes of it. */
  readonly writer: AuditWriter;
  readonly ttlMs: number | undefined;
}

async function openTrail(
  config: Exclude<AuditConfig, { kind: "off" }>,
  { clock, logger, peers }: PartsOptions,
  closing: AsyncDisposableStack,
): Promise<Trail> {
  const { buffer, ttlMs, cleanupIntervalMs } = config;
  const store = closing.use(await openAudit(config));
  if (ttlMs !== undefined && peers.first) {
    closing.use(new AuditRetention(store, { ttlMs, intervalMs: cleanupIntervalMs, clock, logger }));
  }
  const writer = createAuditWriter({
    ...buffer,
    store,
    clock,
    onLost: ({ records, reason, cause }) => logger.error("audit records lost", { records, reason, cause }),
  });
  return { store, writer, ttlMs };
}
