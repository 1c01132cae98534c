import { clockFinding, failureFinding, okFinding, roundTripFinding } from "@acteon/state";
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
  let subject = "connection";
  try {
    const schema = quotedSchema(settings.prefix);
    await using connections = await connect(settings, ports);
    yield okFinding("connection", `PostgreSQL at ${connections.address} lets us in`);
    subject = "server version";
    const facts = await connections.run((query) => readServerFacts(query, schema));
    yield (
      serverFault(facts) ?? okFinding("server version", `PostgreSQL ${facts.versionText}, a primary that takes writes`)
    );
    subject = "connections";
    yield connectionsFinding(settings, facts);
    subject = "durability";
    yield* durabilityFindings(facts, settings);
    subject = "round trip";
    yield* clockAndTrip(connections, ports);
    subject = "schema";
    const version = await connections.run((query) => foundSchemaVersion(query, schema));
    checkSchemaVersion(schema, version, connections.address);
    yield okFinding("schema", `${schema} has version ${knownSchemaVersion}`);
    subject = "permissions";
    yield await connections.run((query) => permissions(query, schema, facts));
  } catch (error) {
    yield failureFinding(subject, error);
  }
}

function connectionsFinding({ pool }: RemoteStateSettings, { maxConnections }: ServerFacts): BackendFinding {
  const found = `up to ${pool.maxConnections} connections of this gateway, of ${maxConnections} that the server has`;
  if (pool.maxConnections < maxConnections) return okFinding("connections", found);
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
    yield okFinding("durability", `${durability}: synchronous_commit is ${synchronousCommit}, fsync on, ${standbys}`);
  if (unlogged && !facts.isUnlogged)
    yield {
      level: "warning",
      subject: "durability",
      found: "state.unlogged is set, and the tables are logged",
      help: "run `acteon migrate`, or take `unlogged` out of [state]",
    };
}

const serverClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms";

async function* clockAndTrip(connections: Connections, { clock }: StateBackendPorts): AsyncGenerator<BackendFinding> {
  let [fastestMs, aheadMs] = [Infinity, 0];
  yield await roundTripFinding(clock, async () => {
    const [sentMs, sentAtMs] = [clock.monotonicMs(), clock.nowMs()];
    const [row] = await connections.rows<{ readonly now_ms: number }>(serverClock);
    const tookMs = clock.monotonicMs() - sentMs;
    // The fastest answer tells the most about the clock.
    if (row !== undefined && tookMs < fastestMs) [fastestMs, aheadMs] = [tookMs, row.now_ms - (sentAtMs + tookMs / 2)];
  });
  yield clockFinding(aheadMs);
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
  if (missing === undefined) return okFinding("permissions", `${user} may read and write all of ${schema}`);
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
