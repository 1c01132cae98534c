import { ConfigurationError, DataTooNewError } from "@acteon/core";
import type { Query } from "./connections.ts";
import { knownSchemaVersion } from "./schema.ts";

/** A schema's name, safe within a statement, in a literal too. @throws {ConfigurationError} It could not be, or PostgreSQL would refuse it. */
export function quotedSchema(prefix: string): string {
  if (!schemaName.test(prefix) || Buffer.byteLength(prefix) > maxNameBytes || prefix.startsWith("pg_"))
    throw new ConfigurationError(
      `state.prefix is the name of a schema in PostgreSQL: 1 to ${maxNameBytes} bytes, letters, digits and _ - . or space, not pg_ first`,
    );
  return `"${prefix}"`;
}

const schemaName = /^[\p{L}\p{N}_\-. ]+$/u;
/** What is longer PostgreSQL cuts off. */
const maxNameBytes = 63;

/** `undefined`: there is none. @param schema Quoted. */
export async function foundSchemaVersion(query: Query, schema: string): Promise<number | undefined> {
  const { rows } = await query<{ readonly found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
    `${schema}.schema_version`,
  ]);
  if (rows[0]?.found !== true) return undefined;
  const versions = await query<{ readonly version: number | null }>(
    `SELECT max(version) AS version FROM ${schema}.schema_version`,
  );
  return versions.rows[0]?.version ?? undefined;
}

/**
 * @param schema Quoted.
 * @throws {ConfigurationError} It is missing, or older than what this version works on.
 * @throws {DataTooNewError}
 */
export function checkSchemaVersion(schema: string, found: number | undefined, address: string): void {
  const help = "run `acteon migrate`";
  if (found === undefined) throw new ConfigurationError(`PostgreSQL at ${address} has no schema ${schema}`, { help });
  if (found > knownSchemaVersion) throw tooNew(schema, found);
  if (found < knownSchemaVersion)
    throw new ConfigurationError(
      `the schema ${schema} of PostgreSQL at ${address} has version ${found} of ${knownSchemaVersion}`,
      { help },
    );
}

export function tooNew(schema: string, foundFormat: number): DataTooNewError {
  return new DataTooNewError(`the schema ${schema}`, { foundFormat, knownFormat: knownSchemaVersion });
}
