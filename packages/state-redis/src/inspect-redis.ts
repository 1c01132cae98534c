import type { BackendFinding, RemoteStateSettings, StateBackendPorts } from "@acteon/state";
import { connect, durabilityOf, storeOn } from "./open-redis-state.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { parseRedisUrl } from "./redis-target.ts";
import { readServerFacts, unusable, weaknesses } from "./server-facts.ts";

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
    yield ok(subject, `${connection.server} lets us in`);
    for (const master of connection.masters()) {
      subject = "server version";
      const facts = await connection.ask(() => readServerFacts(master));
      const { host, port } = master.options;
      yield unusable(facts, target.kind === "cluster") ?? ok(subject, `${facts.product} at ${host}:${port}`);
      subject = "durability";
      const durability = durabilityOf(target);
      const weak = weaknesses(facts, durability);
      yield* weak;
      if (!weak.some((each) => each.subject === subject))
        yield ok(subject, `${durability}: every acknowledged write is in the append-only file, synced`);
    }
    subject = "permissions";
    const store = storeOn(connection, target, { prefix: settings.prefix, clock });
    await store.apply([[]], { signal });
    yield ok(subject, "the script of the store may be run, and its keys read");
    subject = "clock";
    yield await clockStep(connection, ports);
    subject = "round trip";
    yield await roundTrip(connection, ports);
    yield ok("schema", "Redis needs none");
  } catch (error) {
    yield {
      level: "failure",
      subject,
      found: error instanceof Error ? error.message : String(error),
      help: "do what the message says, then run `acteon doctor` again",
    };
  }
}

function ok(subject: string, found: string): BackendFinding {
  return { level: "ok", subject, found };
}

/** From here on an operator notices that due times and what logs say are off. */
const noticeableStepMs = 1_000;

async function clockStep(connection: RedisConnection, { clock }: StateBackendPorts): Promise<BackendFinding> {
  const askedAtMs = clock.monotonicMs();
  const serverMs = await serverTimeMs(connection);
  const tripMs = clock.monotonicMs() - askedAtMs;
  const stepMs = Math.round(serverMs + tripMs / 2 - clock.nowMs());
  const found = `the server's clock is ${Math.abs(stepMs)} ms ${stepMs < 0 ? "behind" : "ahead of"} this machine's`;
  if (Math.abs(stepMs) < noticeableStepMs) return ok("clock", found);
  const help = "let both follow the same time servers: due times go by the gateways' clocks, leases by the server's";
  return { level: "warning", subject: "clock", found, help };
}

const measuredTrips = 21;
/** A call waits for two or three of them. */
const slowTripMs = 20;

async function roundTrip(connection: RedisConnection, { clock }: StateBackendPorts): Promise<BackendFinding> {
  const tripsMs: number[] = [];
  for (let i = 0; i < measuredTrips; i++) {
    const askedAtMs = clock.monotonicMs();
    await serverTimeMs(connection);
    tripsMs.push(clock.monotonicMs() - askedAtMs);
  }
  const medianMs = tripsMs.toSorted((a, b) => a - b)[Math.floor(measuredTrips / 2)] as number;
  const found = `${medianMs.toFixed(2)} ms (median of ${measuredTrips})`;
  if (medianMs < slowTripMs) return ok("round trip", found);
  return { level: "warning", subject: "round trip", found, help: "run the gateways near their Redis" };
}

async function serverTimeMs(connection: RedisConnection): Promise<number> {
  const [master] = connection.masters();
  if (master === undefined) throw new TypeError("a connection has a master");
  const [seconds, micros] = await connection.ask(() => master.time());
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
