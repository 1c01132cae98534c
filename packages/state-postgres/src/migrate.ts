import type { Connections, Query } from "./connections.ts";
import { foundSchemaVersion, DataTooNewError } from "./schema-version.ts";
import { knownSchemaVersion, migrations } from "./schema.ts";
import { readServerFacts } from "./server-facts.ts";

export interface MigrationOptions {
  /** As it is, and quoted. */
  readonly name: string;
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
      await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`acteon migrate ${options.name}`]);
      const steps = await bringUp(query, options);
      await query("COMMIT");
      return steps;
    } catch (error) {
      await query("ROLLBACK").catch(() => {}); // the connection may be gone: what failed is the first error
      throw error;
    }
  });
}

async function bringUp(query: Query, { name, schema, unlogged }: MigrationOptions): Promise<readonly string[]> {
  const steps: string[] = [];
  const found = await foundSchemaVersion(query, schema);
  if (found !== undefined && found > knownSchemaVersion) throw new DataTooNewError(schema, found);
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
  const { entriesPersistence } = await readServerFacts(query, name);
  if ((entriesPersistence === "u") !== unlogged) {
    const word = unlogged ? "UNLOGGED" : "LOGGED";
    for (const table of ["entries", "members"]) await query(`ALTER TABLE ${schema}.${table} SET ${word}`);
    steps.push(`made the tables ${word.toLowerCase()}`);
  }
  return steps;
}
