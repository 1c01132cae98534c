import type { AuditRecord, AuditStore } from "@acteon/audit";
import type { Clock, Random } from "@acteon/core";
import { systemClock, systemRandom } from "@acteon/core";
import type { Gateway } from "@acteon/gateway";
import { openAuthenticator } from "./auth/open-authenticator.ts";
import type { Config } from "./config/config.ts";
import type { Environment } from "./config/environment.ts";
import { giveMemoryBack } from "./give-memory-back.ts";
import { Listener } from "./http/listener.ts";
import type { Logger } from "./log/logger.ts";
import type { ServerMetrics } from "./metrics/server-metrics.ts";
import { createRoutes } from "./routes/routes.ts";
import type { Readiness } from "./routes/services.ts";
import type { HotRules, RulesEvent } from "./wiring/hot-rules.ts";
import { openParts } from "./wiring/open-parts.ts";
import type { ServerParts } from "./wiring/open-parts.ts";
import { aloneOnThePort } from "./workers/peers.ts";
import type { Peers } from "./workers/peers.ts";

export interface ServerOptions {
  readonly config: Config;
  /** For what `auth.toml` takes from it. */
  readonly environment: Environment;
  readonly logger: Logger;
  /** Takes the lines of `console` providers. */
  readonly print: (line: string) => void;
  /** Told of every audit record: for a terminal that shows what happens. */
  readonly onRecord?: ((record: AuditRecord) => void) | undefined;
  /** Told when other rules are in force, and when those on disk have errors. */
  readonly onRules?: ((event: RulesEvent) => void) | undefined;
  /** The other processes on this port; none unless given. */
  readonly peers?: Peers;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /**
   * Guarantees O7: not ready at once; serves `drainDelayMs` more, ending its connections; takes nothing new, finishes up to
   * `drainMs`, flushes the trail, closes the store. Idempotent.
   */
  stop(): Promise<void>;
}

/**
 * Opens everything that the configuration names, and listens.
 *
 * @throws {ConfigurationError | ValidationError | RuleLoadError} What the operator wrote cannot be used.
 * @throws {ActeonError} A store cannot be opened. @throws {Error} Node's, when the address cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<LocalServer> {
  const { config, environment, logger, peers = aloneOnThePort, clock = systemClock, random = systemRandom } = options;
  await using open = new AsyncDisposableStack();
  const authenticator = open.use(await openAuthenticator(config.auth, { environment, clock, logger }));
  const { onRecord, onRules, print } = options;
  const parts = open.use(await openParts({ config, logger, print, onRecord, onRules, peers, clock, random }));
  const drain = new Drain(parts.gateway);
  const routes = createRoutes({
    gateway: parts.gateway,
    clock,
    rules: parts.rules,
    providerHealth: parts.providerHealth,
    audit: parts.audit,
    readiness: drain,
    metrics: config.observability.metrics ? () => peers.metrics(parts.metrics()) : undefined,
  });
  const { host, port, workers, corsAllowedOrigins, externalUrl, trustedProxies } = config.server;
  const authenticated = config.auth.kind !== "none";
  const cors = { allowedOrigins: corsAllowedOrigins, authenticated, externalUrl };
  const listener = open.use(
    new Listener({ routes, authenticator, limits: config.http, cors, trustedProxies, clock, random, logger }),
  );
  const address = await listener.listen({ host, port, shared: workers > 1 });
  const url = `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${address.port}`;
  open.defer(giveMemoryBack(clock, () => parts.gateway.metrics().counters["dispatched"] ?? 0));
  logger.info("listening", {
    url,
    authenticated,
    state: config.state.kind,
    lock: config.lock?.kind,
    audit: config.audit.kind,
  });
  return new LocalServer({
    url,
    port: address.port,
    parts,
    listener,
    drain,
    clock,
    logger,
    config,
    closing: open.move(),
  });
}

interface LocalServerParts {
  readonly url: string;
  readonly port: number;
  readonly parts: ServerParts;
  readonly listener: Listener;
  readonly drain: Drain;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: Config;
  readonly closing: AsyncDisposableStack;
}

/** A server in this process, with its parts at hand. */
export class LocalServer implements RunningServer {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly rules: HotRules;
  /** Absent: no audit trail. */
  readonly audit: AuditStore | undefined;
  readonly #own: LocalServerParts;
  #stopped: Promise<void> | undefined;

  constructor(own: LocalServerParts) {
    this.url = own.url;
    this.port = own.port;
    this.gateway = own.parts.gateway;
    this.rules = own.parts.rules;
    this.audit = own.parts.audit?.store;
    this.#own = own;
  }

  metrics(): ServerMetrics {
    return this.#own.parts.metrics();
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    const { clock, closing, config, drain, listener, logger } = this.#own;
    const { drainDelayMs, drainMs } = config.server;
    logger.info("draining", { drainDelayMs, drainMs });
    drain.begun = true;
    listener.beginClosing();
    if (drainDelayMs > 0) await new Promise<void>((resolve) => clock.after(drainDelayMs, resolve));
    const timeUp = new AbortController();
    const cancel = clock.after(drainMs, () => timeUp.abort());
    try {
      await Promise.all([this.gateway.drain(), listener.close(timeUp.signal)]);
    } finally {
      cancel();
      await closing[Symbol.asyncDispose]();
    }
    logger.info("stopped");
  }
}

/** Whether new work may be sent here: the store answers, and nobody asked to stop (guarantees O7). */
class Drain implements Readiness {
  begun = false;
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async check(): Promise<{ readonly ready: boolean; readonly reasons: readonly string[] }> {
    if (this.begun) return { ready: false, reasons: ["draining"] };
    // A load balancer's question must not become calls of providers: their checks are given up before they begin.
    return this.#gateway.healthCheck({ signal: notAsked });
  }
}

const notAsked = AbortSignal.abort();
