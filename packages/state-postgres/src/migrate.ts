import type { Connections, Query } from "./connections.ts";
import { foundSchemaVersion, tooNew } from "./schema-version.ts";
import { knownSchemaVersion, migrations } from "./schema.ts";

export interface MigrationOptions {
  /** Quoted. */
  readonly schema: string;
  readonly unlogged: boolean;
}

/**
 * Brings the schema to what this version works on, in one transaction. Nodes that do so at once wait for each other, and the
 * later ones find nothing to do.
 * @returns What was done, step by step.
 */
export function migrate(connections: Connections, options: MigrationOptions): Promise<readonly string[]> {
  return connections.run(async (query) => {
    await query("BEGIN");
    try {
      // For the transaction only: a pooler may give the session to somebody else after it.
      await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`acteon migrate ${options.schema}`]);
      const steps = await bringUp(query, options);
      await query("COMMIT");
      return steps;
    } catch (error) {
      await query("ROLLBACK").catch(() => {}); // the connection may be gone: what failed is the first error
      throw error;
    }
  }, maxMigrationMs);
}

/** A table that becomes logged is written anew, and other nodes may be at it. */
const maxMigrationMs = 600_000;

async function bringUp(query: Query, { schema, unlogged }: MigrationOptions): Promise<readonly string[]> {
  const steps: string[] = [];
  const found = await foundSchemaVersion(query, schema);
  if (found !== undefined && found > knownSchemaVersion) throw tooNew(schema, found);
  if (found === undefined) {
    await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await query(`CREATE TABLE ${schema}.schema_version (version integer NOT NULL)`);
    steps.push(`made the schema ${schema}`);
  }
  for (let version = found ?? 0; version < knownSchemaVersion; version++) {
    for (const statement of migrations[version]?.(schema) ?? []) await query(statement);
    await query(`INSERT INTO ${schema}.schema_version VALUES ($1)`, [version + 1]);
    steps.push(`brought ${schema} to version ${version + 1}`);
  }
  const word = unlogged ? "UNLOGGED" : "LOGGED";
  const others = await tablesThatAre(query, schema, unlogged ? "p" : "u");
  for (const table of others) await query(`ALTER TABLE ${table} SET ${word}`);
  if (others.length > 0) steps.push(`made the tables ${word.toLowerCase()}`);
  return steps;
}

/** @param persistence As in `pg_class`: `p` logged, `u` unlogged. */
async function tablesThatAre(query: Query, schema: string, persistence: "p" | "u"): Promise<readonly string[]> {
  const { rows } = await query<{ readonly name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
  WHERE relkind = 'r' AND relpersistence = $2 AND relnamespace = to_regnamespace($1) AND relname <> 'schema_version'`,
    [schema, persistence],
  );
  return rows.map(({ name }) => name);
}
