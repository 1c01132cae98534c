import { systemClock } from "@acteon/core";
import type { StateBackendPorts, StateKey } from "@acteon/state";
import type { PostgresServer } from "@acteon/test-servers";
import { Client } from "pg";
import { connect } from "../src/open-postgres-state.ts";
import type { Connections } from "../src/connections.ts";
import { migratePostgresState, openPostgresState } from "../src/index.ts";
import type { PostgresStateStore } from "../src/index.ts";

let spaces = 0;
const onePool = { minConnections: 0, maxConnections: 1 };

/** A schema of its own on a server. */
export class TestSpace implements AsyncDisposable {
  readonly prefix = `test ${process.pid} ${spaces++}`;
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  static async on({ url }: Pick<PostgresServer, "url">): Promise<TestSpace> {
    const space = new TestSpace(url);
    await migratePostgresState({ url, prefix: space.prefix });
    return space;
  }

  /** @param options `url`: through a proxy or pooler. */
  connect(options: TestConnection = {}): Promise<PostgresStateStore> {
    const pool = { minConnections: 0, maxConnections: 4 };
    return openPostgresState({ url: this.#url, prefix: this.prefix, pool, ...options });
  }

  /** Without a store. */
  connections(): Promise<Connections> {
    const tls = { enabled: false, mode: undefined, caPath: undefined, certPath: undefined, keyPath: undefined };
    const settings = { url: this.#url, tls: { ...tls, insecure: false }, pool: onePool, callTimeoutMs: 5_000 };
    return connect(settings, { clock: systemClock, signal: new AbortController().signal });
  }

  /** Of all that was written. */
  async clear(): Promise<void> {
    await runSql(this.#url, `DELETE FROM "${this.prefix}".entries; DELETE FROM "${this.prefix}".members`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runSql(this.#url, `DROP SCHEMA "${this.prefix}" CASCADE`);
  }
}

interface TestConnection extends Partial<StateBackendPorts> {
  readonly url?: string;
  readonly callTimeoutMs?: number;
  readonly pool?: { readonly minConnections: number; readonly maxConnections: number };
}

/** The rows of one statement, over a connection of its own. */
export async function runSql(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Readonly<Record<string, unknown>>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The same address by another port. */
export function throughPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

/** The row of a key, locked by a transaction of somebody else. */
export class HeldRow implements AsyncDisposable {
  readonly #client: Client;
  #released: Promise<void> | undefined;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async of({ url }: PostgresServer, { prefix }: TestSpace, key: StateKey): Promise<HeldRow> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("BEGIN");
    await client.query(`SELECT FROM "${prefix}".entries WHERE key = $1 FOR UPDATE`, [key.text]);
    return new HeldRow(client);
  }

  release(): Promise<void> {
    return (this.#released ??= this.#client.end());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
