import type { RemoteStateSettings } from "@acteon/state";
import { dynamodbBackend } from "@acteon/state-dynamodb";
import { etcdBackend } from "@acteon/state-etcd";
import { postgresBackend } from "@acteon/state-postgres";
import { redisBackend } from "@acteon/state-redis";
import { zookeeperBackend } from "@acteon/state-zookeeper";
import { RedisServer, startDynamoDb, startEtcd, startPostgres, startZooKeeper } from "@acteon/test-servers";
import type { RemoteBackend, RemoteServer } from "./remote-backend.ts";

/** @param settings Of the server, over those that tests give it. */
export function redisWith(name: string, settings: Readonly<Record<string, string>>): RemoteBackend {
  return {
    name,
    backend: redisBackend,
    async start() {
      const server = await RedisServer.start({ settings });
      return server && serverOn(server, server.port, (port) => ({ url: `redis://127.0.0.1:${port}` }));
    },
  };
}

/** Every backend on other machines, with a server as tests and benchmarks start it. */
export const remoteBackends: readonly RemoteBackend[] = [
  redisWith("redis", {}),
  {
    name: "postgres",
    backend: postgresBackend,
    async start() {
      const server = await startPostgres();
      const urlAt = (port: number) => server?.url.replace(`:${server.port}/`, `:${port}/`);
      return server && serverOn(server, server.port, (port) => ({ url: urlAt(port) }));
    },
  },
  {
    name: "dynamodb",
    backend: dynamodbBackend,
    async start() {
      const server = await startDynamoDb();
      // DynamoDB Local takes any credentials, but its client sends none that it has not found.
      process.env["AWS_ACCESS_KEY_ID"] ??= "acteon";
      process.env["AWS_SECRET_ACCESS_KEY"] ??= "acteon";
      const settingsAt = (port: number) => ({
        url: `http://127.0.0.1:${port}`,
        region: "eu-central-1",
        pool: manyConnections,
      });
      return server && serverOn(server, server.port, settingsAt);
    },
  },
  {
    name: "etcd",
    backend: etcdBackend,
    async start() {
      const cluster = await startEtcd();
      const port = cluster?.members[0]?.port;
      return cluster && serverOn(cluster, port, (at) => ({ url: `etcd://127.0.0.1:${at}` }));
    },
  },
  {
    name: "zookeeper",
    backend: zookeeperBackend,
    async start() {
      const ensemble = await startZooKeeper();
      const port = ensemble?.members[0]?.port;
      return ensemble && serverOn(ensemble, port, (at) => ({ url: `zookeeper://127.0.0.1:${at}` }));
    },
  },
];

/** A group is a request, and a connection carries one at a time. */
const manyConnections = { minConnections: 2, maxConnections: 128 };

function serverOn(
  server: AsyncDisposable,
  port: number | undefined,
  settingsAt: (port: number) => Partial<RemoteStateSettings>,
): RemoteServer {
  if (port === undefined) throw new TypeError("a server without a member");
  return { port, settingsAt, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
