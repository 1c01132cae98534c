import { StateUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { ConnectionCounts, RemoteStateSettings } from "@acteon/state";
import { Pool } from "pg";
import type { PoolClient, PoolConfig, QueryResultRow } from "pg";
import { asStoreError, isTakenBack, keepsConnection, silenceHelp } from "./postgres-errors.ts";
import { type PostgresAddress, addressText } from "./postgres-url.ts";
import type { TlsChoice } from "./tls-options.ts";

export interface ConnectionOptions extends Pick<RemoteStateSettings, "pool" | "callTimeoutMs"> {
  readonly address: PostgresAddress;
  readonly tls: TlsChoice["options"];
  readonly clock: Clock;
}

/**
 * Statements over a pool of connections, each with a deadline. Only unnamed statements and no session state, so that a pooler
 * may give every transaction another connection of its own.
 */
export class Connections implements AsyncDisposable {
  /** For messages: `host:port/database`. */
  readonly address: string;
  readonly #clock: Clock;
  readonly #callTimeoutMs: number;
  readonly #pool: Pool;
  /** What ends the calls under way. */
  readonly #abandons = new Set<(reason: Error) => void>();
  #closed: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.address = addressText(options.address);
    this.#clock = options.clock;
    this.#callTimeoutMs = options.callTimeoutMs;
    this.#pool = new Pool(poolConfig(options));
    // An idle connection that breaks is replaced when one is needed; without a listener it would end the process.
    this.#pool.on("error", () => {});
  }

  counts(): ConnectionCounts {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { open: totalCount, busy: totalCount - idleCount, waiting: waitingCount, max: options.max };
  }

  /** The rows of one statement, which is a transaction by itself. */
  rows<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.run(async (query) => (await query<Row>(text, values)).rows);
  }

  /**
   * What `use` makes of the queries that it sends over one connection. If the server takes a statement back because it met
   * another's, `use` is begun again, until the deadline.
   * @param timeoutMs That of a call, unless said.
   * @throws {StateUnavailableError} No answer in time.
   * @throws {ConfigurationError} The server refuses what it will go on refusing.
   */
  async run<Result>(
    use: (query: Query, leftMs: number) => Promise<Result>,
    timeoutMs = this.#callTimeoutMs,
  ): Promise<Result> {
    if (this.#closed !== undefined) throw this.#closedError();
    const untilMs = this.#clock.monotonicMs() + timeoutMs;
    const { promise: abandoned, reject: abandon } = Promise.withResolvers<never>();
    abandoned.catch(() => {}); // seen by the races below, if there are any
    let client: PoolClient | undefined;
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    const hadToWait = waitingCount >= idleCount + options.max - totalCount;
    const cancel = this.#clock.after(timeoutMs, () =>
      abandon(this.#lateError(timeoutMs, hadToWait && client === undefined)),
    );
    this.#abandons.add(abandon);
    try {
      client = await this.#connected(abandoned);
      return await this.#used(client, use, { untilMs, abandoned });
    } catch (error) {
      throw asStoreError(error, this.address);
    } finally {
      cancel();
      this.#abandons.delete(abandon);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    for (const abandon of this.#abandons) abandon(this.#closedError());
    await this.#pool.end();
  }

  async #connected(abandoned: Promise<never>): Promise<PoolClient> {
    const connecting = this.#pool.connect();
    try {
      return await Promise.race([connecting, abandoned]);
    } catch (error) {
      // One that comes after all is for the next call.
      void connecting.then(
        (client) => client.release(),
        () => {},
      );
      throw error;
    }
  }

  async #used<Result>(
    client: PoolClient,
    use: (query: Query, leftMs: number) => Promise<Result>,
    { untilMs, abandoned }: { readonly untilMs: number; readonly abandoned: Promise<never> },
  ): Promise<Result> {
    const query: Query = (text, values) => client.query(text, values as unknown[]);
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    client.on("error", onError);
    try {
      for (;;) {
        try {
          const leftMs = untilMs - this.#clock.monotonicMs();
          return await Promise.race([use(query, leftMs), abandoned]);
        } catch (error) {
          if (isTakenBack(error) && this.#clock.monotonicMs() < untilMs && this.#closed === undefined) continue;
          // Whether it is closed because it broke or because nobody knows what it is at: the next call gets another.
          if (!keepsConnection(error)) broken = error as Error;
          throw error;
        }
      }
    } finally {
      client.removeListener("error", onError);
      client.release(broken);
    }
  }

  #lateError(timeoutMs: number, gotNone: boolean): StateUnavailableError {
    const late = `PostgreSQL at ${this.address} gave no answer within ${timeoutMs} ms`;
    if (!gotNone) return new StateUnavailableError(late, { help: silenceHelp });
    return new StateUnavailableError(`${late}, all ${this.#pool.options.max} connections being busy`, {
      help: "raise state.pool.max_connections",
    });
  }

  #closedError(): StateUnavailableError {
    return new StateUnavailableError(`the state in PostgreSQL at ${this.address} is closed`);
  }
}

/** Sends one statement. */
export type Query = <Row extends QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<{ readonly rows: readonly Row[] }>;

/** Everything is said, or `pg` would look for it in the environment. */
function poolConfig({ address, tls, pool, callTimeoutMs }: ConnectionOptions): PoolConfig {
  const { host, port, user, password, database } = address;
  return {
    host,
    port,
    user,
    password: password?.reveal() ?? "",
    database,
    ssl: tls,
    application_name: "acteon",
    min: pool.minConnections,
    max: pool.maxConnections,
    connectionTimeoutMillis: callTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  };
}
