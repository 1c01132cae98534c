import type { BackendFinding, RemoteStateSettings, StateBackendPorts } from "@acteon/state";
import { connect } from "./open-postgres-state.ts";
import type { Connections, Query } from "./connections.ts";
import { checkSchemaVersion, foundSchemaVersion, quotedSchema } from "./schema-version.ts";
import { type ServerFacts, durabilityOf, readServerFacts, serverFault } from "./server-facts.ts";
import { knownSchemaVersion } from "./schema.ts";

/** All that a promise rests on, one finding after another. Changes nothing, and never throws. */
export async function* inspect(
  settings: RemoteStateSettings,
  ports: StateBackendPorts,
): AsyncGenerator<BackendFinding> {
  const subject = { now: "connection" };
  try {
    const schema = quotedSchema(settings.prefix);
    await using connections = await connect(settings, ports);
    yield ok("connection", `PostgreSQL at ${connections.address} lets us in`);
    subject.now = "server version";
    const facts = await connections.run((query) => readServerFacts(query, schema));
    yield serverFault(facts) ?? ok("server version", `PostgreSQL ${facts.versionText}, a primary that takes writes`);
    subject.now = "connections";
    yield connectionsFinding(settings, facts);
    subject.now = "durability";
    yield* durabilityFindings(facts, settings);
    subject.now = "round trip";
    yield* roundTrip(connections, ports);
    subject.now = "schema";
    const version = await connections.run((query) => foundSchemaVersion(query, schema));
    checkSchemaVersion(schema, version, connections.address);
    yield ok("schema", `${schema} has version ${knownSchemaVersion}`);
    subject.now = "permissions";
    yield await connections.run((query) => permissions(query, schema, facts));
  } catch (error) {
    yield {
      level: "failure",
      subject: subject.now,
      found: error instanceof Error ? error.message : String(error),
      help: "see what the message says, then run `acteon doctor` again",
    };
  }
}

function ok(subject: string, found: string): BackendFinding {
  return { level: "ok", subject, found };
}

function connectionsFinding({ pool }: RemoteStateSettings, { maxConnections }: ServerFacts): BackendFinding {
  const found = `up to ${pool.maxConnections} connections of this gateway, of ${maxConnections} that the server has`;
  if (pool.maxConnections < maxConnections) return ok("connections", found);
  return {
    level: "warning",
    subject: "connections",
    found,
    help: "lower state.pool.max_connections, or raise max_connections of the server",
  };
}

function* durabilityFindings(facts: ServerFacts, { unlogged }: RemoteStateSettings): Generator<BackendFinding> {
  const { durability, warnings } = durabilityOf(facts);
  yield* warnings;
  const { synchronousCommit, synchronousStandbys } = facts;
  const standbys =
    synchronousStandbys === ""
      ? "without a synchronous standby: the promotion of an asynchronous one may forget acknowledged writes"
      : `with synchronous standbys (${synchronousStandbys})`;
  if (warnings.length === 0)
    yield ok("durability", `${durability}: synchronous_commit is ${synchronousCommit}, fsync on, ${standbys}`);
  if (unlogged && !facts.isUnlogged)
    yield {
      level: "warning",
      subject: "durability",
      found: "state.unlogged is set, and the tables are logged",
      help: "run `acteon migrate`, or take `unlogged` out of [state]",
    };
}

const measuredTrips = 11;
const serverClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms";
/** From here on a due time or a lease is off by what an operator notices. */
const noticeableStepMs = 1_000;

async function* roundTrip(connections: Connections, { clock }: StateBackendPorts): AsyncGenerator<BackendFinding> {
  const trips: { readonly ms: number; readonly stepMs: number }[] = [];
  for (let i = 0; i < measuredTrips; i++) {
    const [sentMs, sentAtMs] = [clock.monotonicMs(), clock.nowMs()];
    const [row] = await connections.rows<{ readonly now_ms: number }>(serverClock);
    const ms = clock.monotonicMs() - sentMs;
    trips.push({ ms, stepMs: (row?.now_ms ?? 0) - (sentAtMs + ms / 2) });
  }
  trips.sort((a, b) => a.ms - b.ms);
  const middle = trips[Math.floor(measuredTrips / 2)]?.ms ?? 0;
  yield ok("round trip", `${middle.toFixed(1)} ms (p50 of ${measuredTrips})`);
  // The fastest answer tells the most about the clock.
  const stepMs = Math.round(trips[0]?.stepMs ?? 0);
  const found = `the server's clock is ${Math.abs(stepMs)} ms ${stepMs < 0 ? "behind" : "ahead of"} ours`;
  if (Math.abs(stepMs) < noticeableStepMs) yield ok("clock", found);
  else
    yield {
      level: "warning",
      subject: "clock",
      found,
      help: "synchronise both clocks (NTP): due times are ours, TTLs the server's",
    };
}

async function permissions(query: Query, schema: string, { user }: ServerFacts): Promise<BackendFinding> {
  const { rows } = await query<{ readonly missing: string | null }>(
    `SELECT string_agg(what, ', ') AS missing FROM (VALUES
  ('USAGE on the schema', has_schema_privilege($1::regnamespace, 'USAGE')),
  ('SELECT, INSERT, UPDATE, DELETE on entries', ${fullAccess("entries")}),
  ('SELECT, INSERT, DELETE on members', has_table_privilege($1 || '.members', 'SELECT') AND has_table_privilege($1 || '.members', 'INSERT') AND has_table_privilege($1 || '.members', 'DELETE')),
  ('USAGE on the sequence numbers', has_sequence_privilege($1 || '.numbers', 'USAGE'))
) AS needed (what, granted) WHERE NOT granted`,
    [schema],
  );
  const missing = rows[0]?.missing ?? undefined;
  if (missing === undefined) return ok("permissions", `${user} may read and write all of ${schema}`);
  return {
    level: "failure",
    subject: "permissions",
    found: `${user} has not ${missing}`,
    help: `grant it as the owner of ${schema}, or use the user that ran \`acteon migrate\``,
  };
}

function fullAccess(table: string): string {
  return ["SELECT", "INSERT", "UPDATE", "DELETE"]
    .map((privilege) => `has_table_privilege($1 || '.${table}', '${privilege}')`)
    .join(" AND ");
}
