import { systemClock } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { noTlsSettings } from "@acteon/state";
import type { Durability, StateTlsSettings } from "@acteon/state";
import { RedisConnection } from "./redis-connection.ts";
import { RedisStateStore } from "./redis-state-store.ts";
import { parseRedisUrl } from "./redis-target.ts";
import type { RedisTarget } from "./redis-target.ts";
import { tlsOptions } from "./tls-options.ts";

export interface OpenRedisOptions {
  /** `redis://[user:password@]host:port[/db]`, `rediss://…`, `redis+sentinel://…/master[/db]`, `redis+cluster://…`. */
  readonly url: string;
  /** In front of every key; stores of different prefixes do not see each other. `acteon` unless said. */
  readonly prefix?: string;
  /** Beside what the URL says. */
  readonly tls?: Partial<StateTlsSettings>;
  /** Longest time that a call may take, waiting for a connection included; 5 s unless said. */
  readonly callTimeoutMs?: number;
  readonly clock?: Clock;
  /** Gives up the opening. */
  readonly signal?: AbortSignal;
}

/**
 * Connects to one Redis, to the master that sentinels name, or to a Cluster.
 * @throws {ConfigurationError} The URL has another form, or the server does not take its credentials.
 * @throws {StateUnavailableError} No connection within `callTimeoutMs`; it says what to do.
 */
export async function openRedisState(options: OpenRedisOptions): Promise<RedisStateStore> {
  const target = parseRedisUrl(options.url);
  const { prefix = "acteon", clock = systemClock } = options;
  const connection = await connect(target, options);
  return storeOn(connection, target, { prefix, clock });
}

export async function connect(
  target: RedisTarget,
  options: Pick<OpenRedisOptions, "tls" | "callTimeoutMs" | "clock" | "signal">,
): Promise<RedisConnection> {
  const { callTimeoutMs = 5_000, clock = systemClock, signal = new AbortController().signal } = options;
  const tls = tlsOptions({ ...noTlsSettings, ...options.tls }, target.tls);
  return RedisConnection.open({ target, tls, callTimeoutMs, clock }, signal);
}

/** A master that is replaced may have promised what its replicas never heard of (guarantees §4). */
export function durabilityOf({ kind }: RedisTarget): Durability {
  return kind === "single" ? "host" : "lossy";
}

export function storeOn(
  connection: RedisConnection,
  target: RedisTarget,
  { prefix, clock }: { readonly prefix: string; readonly clock: Clock },
): RedisStateStore {
  const isCluster = target.kind === "cluster";
  return new RedisStateStore(connection, { prefix, durability: durabilityOf(target), isCluster, clock });
}
