import { systemClock, systemRandom } from "@acteon/core";
import { Redis } from "ioredis";
import { Pool } from "pg";
import type { RemoteServer } from "../../tools/backends/remote-backend.ts";
import { EtcdClient } from "../../packages/state-etcd/src/etcd-client.ts";
import { encodeTxn, type NestedTxn } from "../../packages/state-etcd/src/txn-message.ts";
import { JuteWriter } from "../../packages/state-zookeeper/src/client/jute-writer.ts";
import { sendMulti, type MultiStep } from "../../packages/state-zookeeper/src/client/multi.ts";
import { createFlags, openAcl, writeAcl } from "../../packages/state-zookeeper/src/client/protocol.ts";
import { Session } from "../../packages/state-zookeeper/src/client/session.ts";

/** A server's client with nothing on top: batched conditional writes, as cheap as the server can do them. */
export interface BareClient extends AsyncDisposable {
  /** Each key unless it is there; the batch in one request, or as few as the server takes. */
  write(keys: readonly string[]): Promise<void>;
  /** Each key as it was written. */
  erase(keys: readonly string[]): Promise<void>;
}

/** DynamoDB has none: a group is a request of its own there in any case. */
export const bareClients: Readonly<Record<string, (server: RemoteServer) => Promise<BareClient>>> = {
  redis: ({ port }) => bareRedis(port),
  postgres: (server) => barePostgres(String(server.settingsAt(server.port).url)),
  etcd: ({ port }) => bareEtcd(port),
  zookeeper: ({ port }) => bareZooKeeper(port),
};

const value = "owner-0123456789";
const ttlMs = 30_000;

async function bareRedis(port: number): Promise<BareClient> {
  const redis = new Redis({ port, host: "127.0.0.1" });
  const load = async (lua: string): Promise<string> => String(await redis.script("LOAD", lua));
  const write = await load(`for i = 1, #KEYS do redis.call("SET", KEYS[i], ARGV[1], "NX", "PX", ${ttlMs}) end`);
  const erase = await load(
    `for i = 1, #KEYS do if redis.call("GET", KEYS[i]) == ARGV[1] then redis.call("DEL", KEYS[i]) end end`,
  );
  return {
    write: async (keys) => void (await redis.evalsha(write, keys.length, ...keys, value)),
    erase: async (keys) => void (await redis.evalsha(erase, keys.length, ...keys, value)),
    [Symbol.asyncDispose]: async () => void (await redis.quit()),
  };
}

async function barePostgres(url: string): Promise<BareClient> {
  const pool = new Pool({ connectionString: url, max: 2 });
  await pool.query("CREATE TABLE bare (key text PRIMARY KEY, value text NOT NULL, ends timestamptz NOT NULL)");
  const write = `INSERT INTO bare SELECT key, $2, clock_timestamp() + interval '30 s' FROM unnest($1::text[]) AS key
    ON CONFLICT (key) DO NOTHING`;
  const erase = "DELETE FROM bare WHERE key = ANY($1) AND value = $2";
  const query = async (name: string, text: string, keys: readonly string[]): Promise<void> => {
    await pool.query({ name, text, values: [keys, value] });
  };
  return {
    write: (keys) => query("write", write, keys),
    erase: (keys) => query("erase", erase, keys),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

function bareEtcd(port: number): Promise<BareClient> {
  const address = { endpoints: [`127.0.0.1:${port}`], user: undefined, tls: undefined };
  const client = new EtcdClient({ address, clock: systemClock, callTimeoutMs: 5_000 });
  const send = async (transactions: readonly NestedTxn[]): Promise<void> => {
    const request = encodeTxn(transactions, { touched: "bare/touched", expectedBytes: 16_384 });
    await client.call("KV/Txn", request, () => undefined);
  };
  const each = (keys: readonly string[], wasThere: boolean): readonly NestedTxn[] =>
    keys.map((key) => ({
      conditions: [
        { key, target: "createRevision", result: wasThere ? "less" : "equal", value: wasThere ? maxRevision : 0 },
      ],
      writes: [{ key, value: wasThere ? undefined : value, lease: 0 }],
      reads: [],
    }));
  const inParts = async (keys: readonly string[], wasThere: boolean): Promise<void> => {
    await Promise.all(partsOf(keys, 60).map((part) => send(each(part, wasThere)))); // etcd takes 128 operations
  };
  return Promise.resolve({
    write: (keys) => inParts(keys, false),
    erase: (keys) => inParts(keys, true),
    [Symbol.asyncDispose]: () => Promise.resolve(client.close()),
  });
}

const maxRevision = Number.MAX_SAFE_INTEGER;

async function bareZooKeeper(port: number): Promise<BareClient> {
  const session = Session.open({
    addresses: [{ host: "127.0.0.1", port }],
    random: systemRandom,
    credentials: undefined,
    clock: systemClock,
    tls: undefined,
    requestTimeoutMs: 5_000,
    sessionTimeoutMs: 5_000,
  });
  await session.connected(systemClock.monotonicMs() + 5_000);
  const writer = new JuteWriter();
  writeAcl(writer, openAcl);
  const acl = writer.take();
  const multi = (steps: readonly MultiStep[]): Promise<void> =>
    new Promise((resolve, reject) => {
      sendMulti(session, steps, {
        committed: () => resolve(),
        refused: (code) => reject(new Error(`ZooKeeper refused a bare transaction: ${code}`)),
        failed: reject,
      });
    });
  const create = (key: string): MultiStep => ({
    step: "create",
    path: `/${key}`,
    data: value,
    acl,
    flags: createFlags.persistent,
  });
  return {
    write: (keys) => multi(keys.map(create)),
    erase: (keys) => multi(keys.map((key) => ({ step: "delete", path: `/${key}`, version: 0 }))),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function partsOf(keys: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, i) => keys.slice(i * size, (i + 1) * size));
}
