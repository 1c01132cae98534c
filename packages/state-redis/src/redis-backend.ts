import { ConfigurationError } from "@acteon/core";
import type { RemoteStateSettings, StateBackend, StateBackendPorts, StateStore } from "@acteon/state";
import { inspectRedis } from "./inspect-redis.ts";
import { connect, durabilityOf, storeOn } from "./open-redis-state.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { parseRedisUrl } from "./redis-target.ts";
import type { RedisTarget } from "./redis-target.ts";
import { failoverWeakness, readServerFacts, unusable, weaknesses } from "./server-facts.ts";

export const redisBackend: StateBackend = {
  name: "redis",
  open: openByServer,
  inspect: inspectRedis,
  /** Redis has no schema. */
  async *migrate() {},
};

async function openByServer(settings: RemoteStateSettings, ports: StateBackendPorts): Promise<StateStore> {
  const { clock, signal } = ports;
  const target = parseRedisUrl(settings.url);
  const connection = await connect(target, { ...settings, clock, signal });
  try {
    const tellWeaknesses = weaknessTeller(connection, target, ports);
    await tellWeaknesses();
    const store = storeOn(connection, target, { prefix: settings.prefix, clock });
    await store.apply([[]], { signal }); // that its user may do what it has to
    // Another server may have been made the master, or this one was started with other settings.
    connection.onReconnected(() => {
      tellWeaknesses().catch(() => {}); // it is away again: there will be a next time
    });
    return store;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Looks at every master, and tells what was not told before. */
function weaknessTeller(
  connection: RedisConnection,
  target: RedisTarget,
  { warn }: Pick<StateBackendPorts, "warn">,
): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    for (const master of connection.masters()) {
      const facts = await connection.ask(() => readServerFacts(master));
      const fault = unusable(facts, target.kind === "cluster");
      if (fault !== undefined)
        throw new ConfigurationError(`${connection.server}: ${fault.found}`, { help: fault.help });
      for (const weakness of [...failoverWeakness(durabilityOf(target)), ...weaknesses(facts)]) {
        if (told.has(weakness.found)) continue;
        told.add(weakness.found);
        warn(weakness);
      }
    }
  };
}
