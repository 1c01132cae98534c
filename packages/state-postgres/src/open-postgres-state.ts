import { ConfigurationError, StateUnavailableError, systemClock } from "@acteon/core";
import { noTlsSettings } from "@acteon/state";
import type { RemoteStateSettings, StateBackendPorts, StateTlsSettings } from "@acteon/state";
import { Connections } from "./connections.ts";
import { migrate } from "./migrate.ts";
import { PostgresStateStore } from "./postgres-state-store.ts";
import { parsePostgresUrl } from "./postgres-url.ts";
import { checkSchemaVersion, foundSchemaVersion, quotedSchema } from "./schema-version.ts";
import { durabilityOf, oldestServer, readServerFacts, serverFault } from "./server-facts.ts";
import { tlsChoice } from "./tls-options.ts";

/** Settings with their defaults; only the address has none. */
export interface PostgresStateOptions
  extends Partial<Omit<RemoteStateSettings, "url" | "tls">>, Partial<StateBackendPorts> {
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  readonly tls?: Partial<StateTlsSettings>;
}

/**
 * The state in a schema that `acteon migrate` or `migratePostgresState` has made.
 * @throws {ConfigurationError} A setting is wrong, or the schema is missing.
 * @throws {DataTooNewError} The schema was made by a newer version.
 * @throws {StateUnavailableError} The server does not answer, or cannot keep state.
 */
export function openPostgresState(options: PostgresStateOptions): Promise<PostgresStateStore> {
  return openStore(...filledIn(options));
}

/** Makes or updates the schema. Safe from many nodes at once. @returns What was done, step by step. */
export function migratePostgresState(options: PostgresStateOptions): Promise<readonly string[]> {
  return migrateStore(...filledIn(options));
}

export async function openStore(settings: RemoteStateSettings, ports: StateBackendPorts): Promise<PostgresStateStore> {
  const schema = quotedSchema(settings.prefix);
  await using opening = new AsyncDisposableStack();
  const connections = opening.use(await connect(settings, ports));
  const [facts, version] = await unlessAborted(
    ports.signal,
    connections.run(
      async (query) => [await readServerFacts(query, schema), await foundSchemaVersion(query, schema)] as const,
    ),
  );
  const fault = serverFault(facts);
  if (fault !== undefined) {
    // The server of a release does not become another by waiting; a standby may be made the primary.
    const Refusal = facts.version < oldestServer ? ConfigurationError : StateUnavailableError;
    throw new Refusal(`PostgreSQL at ${connections.address}: ${fault.found}`, { help: fault.help });
  }
  checkSchemaVersion(schema, version, connections.address);
  if (facts.isUnlogged && !settings.unlogged)
    throw new ConfigurationError(
      `the tables of ${schema} of PostgreSQL at ${connections.address} are unlogged, and a crash of the server empties them`,
      { help: "run `acteon migrate` to have them logged, or set state.unlogged = true" },
    );
  const { durability, warnings } = durabilityOf(facts);
  for (const warning of warnings) ports.warn(warning);
  opening.move(); // the connections are the store's from here on
  return new PostgresStateStore({ connections, schema, durability, clock: ports.clock });
}

export async function migrateStore(
  settings: RemoteStateSettings,
  ports: StateBackendPorts,
): Promise<readonly string[]> {
  const schema = quotedSchema(settings.prefix);
  await using connections = await connect(settings, ports);
  return await unlessAborted(ports.signal, migrate(connections, { schema, unlogged: settings.unlogged }));
}

/** Connections that have been tried: with `prefer`, it is settled here whether they are encrypted. */
export async function connect(
  settings: Pick<RemoteStateSettings, "url" | "tls" | "pool" | "callTimeoutMs">,
  { clock, signal }: Pick<StateBackendPorts, "clock" | "signal">,
): Promise<Connections> {
  signal.throwIfAborted();
  const address = parsePostgresUrl(settings.url);
  const { mode, options } = tlsChoice(settings.tls, address);
  const { pool, callTimeoutMs } = settings;
  const tried = async (tls: typeof options): Promise<Connections> => {
    const connections = new Connections({ address, tls, pool, callTimeoutMs, clock });
    try {
      await unlessAborted(signal, connections.rows("SELECT 1"));
      return connections;
    } catch (error) {
      await connections[Symbol.asyncDispose]();
      throw error;
    }
  };
  try {
    return await tried(options);
  } catch (error) {
    if (mode === "prefer" && error instanceof ConfigurationError && isWithoutTls(error.cause)) return tried(false);
    throw error;
  }
}

/** The words of `pg`, which has no code for it. */
function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message.includes("does not support SSL");
}

async function unlessAborted<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function filledIn(options: PostgresStateOptions): readonly [RemoteStateSettings, StateBackendPorts] {
  const {
    url,
    prefix = "acteon",
    pool = { minConnections: 0, maxConnections: 10 },
    callTimeoutMs = 5_000,
    unlogged = false,
    clock = systemClock,
    signal = new AbortController().signal,
    warn = () => {},
  } = options;
  const tls = { ...noTlsSettings, ...options.tls };
  const settings = { url, prefix, region: undefined, tableName: undefined, tls, pool, callTimeoutMs, unlogged };
  return [settings, { clock, signal, warn }];
}
