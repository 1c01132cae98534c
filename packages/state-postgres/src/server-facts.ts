import type { BackendFinding, Durability } from "@acteon/state";
import type { Query } from "./connections.ts";

/** What a promise rests on, as one server tells it. */
export interface ServerFacts {
  /** `server_version_num`: 150018 for 15.18. */
  readonly version: number;
  readonly versionText: string;
  readonly isStandby: boolean;
  /** `default_transaction_read_only`, or of this database or user. */
  readonly isReadOnly: boolean;
  readonly synchronousCommit: string;
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  /** Standbys that a commit waits for; empty without. */
  readonly synchronousStandbys: string;
  readonly user: string;
  /** Any table of the schema. */
  readonly isUnlogged: boolean;
  readonly maxConnections: number;
}

export const oldestServer = 130_000;

/** @param schema Quoted. */
export async function readServerFacts(query: Query, schema: string): Promise<ServerFacts> {
  const { rows } = await query<ServerFacts>(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS "versionText",
  pg_is_in_recovery() AS "isStandby", current_setting('transaction_read_only') = 'on' AS "isReadOnly",
  current_setting('synchronous_commit') AS "synchronousCommit", current_setting('fsync') = 'on' AS fsync,
  current_setting('full_page_writes') = 'on' AS "fullPageWrites",
  current_setting('synchronous_standby_names') AS "synchronousStandbys", current_user::text AS user,
  EXISTS (SELECT FROM pg_class WHERE relpersistence = 'u' AND relnamespace = to_regnamespace($1)) AS "isUnlogged",
  current_setting('max_connections')::integer AS "maxConnections"`,
    [schema],
  );
  return rows[0] as ServerFacts;
}

/** Why this server cannot keep state at all, if it cannot. */
export function serverFault(facts: ServerFacts): BackendFinding | undefined {
  if (facts.version < oldestServer)
    return {
      level: "failure",
      subject: "server version",
      found: `PostgreSQL ${facts.versionText} is too old`,
      help: "run PostgreSQL 13 or newer",
    };
  if (facts.isStandby)
    return {
      level: "failure",
      subject: "server role",
      found: "the server is a hot standby, and takes no writes",
      help: "point state.url to the primary",
    };
  if (facts.isReadOnly)
    return {
      level: "failure",
      subject: "server role",
      found: `transactions of ${facts.user} are read-only`,
      help: "turn default_transaction_read_only off for the server, the database and this user",
    };
  return undefined;
}

/** The class of `guarantees.md` §4 that these settings allow, with a warning for each that makes it weaker. */
export function durabilityOf(facts: ServerFacts): {
  readonly durability: Durability;
  readonly warnings: readonly BackendFinding[];
} {
  const warnings: BackendFinding[] = [];
  let durability: Durability = "strong";
  const weaken = (to: "host" | "lossy", found: string, help: string): void => {
    if (durability !== "lossy") durability = to;
    warnings.push({ level: "warning", subject: "durability", found, help });
  };
  if (!facts.fsync) weaken("host", "fsync is off: a power loss may damage everything that is stored", "set fsync = on");
  if (!facts.fullPageWrites)
    weaken(
      "host",
      "full_page_writes is off: a power loss may damage what was being written",
      "set full_page_writes = on, unless the file system writes whole pages",
    );
  if (facts.synchronousCommit === "off")
    weaken(
      "lossy",
      "synchronous_commit is off: a crash of the server forgets the last writes that it acknowledged",
      "set synchronous_commit = on for the server, the database and this user",
    );
  if (facts.isUnlogged)
    weaken(
      "lossy",
      "the tables are unlogged: a crash of the server empties them",
      "take `unlogged` out of [state] and run `acteon migrate`",
    );
  return { durability, warnings };
}
