import { clockFinding, failureFinding, okFinding, roundTripFinding } from "@acteon/state";
import type { BackendFinding, RemoteStateSettings, StateBackendPorts } from "@acteon/state";
import { connect, durabilityOf, storeOn } from "./open-redis-state.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { parseRedisUrl } from "./redis-target.ts";
import { failoverWeakness, readServerFacts, unusable, weaknesses } from "./server-facts.ts";

/** All that a promise rests on, one finding after another. Changes nothing, and never throws. */
export async function* inspectRedis(
  settings: RemoteStateSettings,
  ports: StateBackendPorts,
): AsyncGenerator<BackendFinding, void, void> {
  const { clock, signal } = ports;
  let subject = "connection";
  try {
    const target = parseRedisUrl(settings.url);
    await using connection = await connect(target, { ...settings, clock, signal });
    yield okFinding(subject, `${connection.server} lets us in`);
    const durability = durabilityOf(target);
    yield* failoverWeakness(durability);
    for (const master of connection.masters()) {
      subject = "server version";
      const facts = await connection.ask(() => readServerFacts(master));
      const { host, port } = master.options;
      // Of a master that sentinels named the client does not tell the address.
      const where = target.kind === "sentinel" ? "" : ` at ${host}:${port}`;
      const fault = unusable(facts, target.kind === "cluster");
      yield fault ?? okFinding(subject, `${facts.product}${where}`);
      if (fault !== undefined) return; // what else it says of itself means nothing
      subject = "durability";
      const weak = weaknesses(facts);
      yield* weak;
      if (!weak.some((each) => each.subject === subject))
        yield okFinding(subject, `${durability}: every acknowledged write is in the append-only file, synced`);
    }
    subject = "permissions";
    const store = storeOn(connection, target, { prefix: settings.prefix, clock });
    await store.apply([[]], { signal });
    yield okFinding(subject, "the script of the store may be run, and its keys read");
    subject = "clock";
    const [sentAtMs, sentMs] = [clock.nowMs(), clock.monotonicMs()];
    const serverMs = await serverTimeMs(connection);
    yield clockFinding(serverMs - (sentAtMs + (clock.monotonicMs() - sentMs) / 2));
    subject = "round trip";
    yield await roundTripFinding(clock, () => serverTimeMs(connection));
    yield okFinding("schema", "Redis needs none");
  } catch (error) {
    yield failureFinding(subject, error);
  }
}

async function serverTimeMs(connection: RedisConnection): Promise<number> {
  const [master] = connection.masters();
  if (master === undefined) throw new TypeError("a connection has a master");
  const [seconds, micros] = await connection.ask(() => master.time());
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
