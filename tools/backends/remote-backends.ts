import { dynamodbBackend } from "@acteon/state-dynamodb";
import { postgresBackend } from "@acteon/state-postgres";
import { startDynamoDb, startPostgres } from "@acteon/test-servers";
import type { RemoteBackend } from "./remote-backend.ts";

/** Every backend on other machines, with a server as tests and benchmarks start it. */
export const remoteBackends: readonly RemoteBackend[] = [
  {
    name: "postgres",
    backend: postgresBackend,
    async start() {
      const server = await startPostgres();
      return (
        server && {
          port: server.port,
          settingsAt: (port) => ({ url: server.url.replace(`:${server.port}/`, `:${port}/`) }),
          [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
        }
      );
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
      return (
        server && {
          port: server.port,
          settingsAt: (port) => ({ url: `http://127.0.0.1:${port}`, region: "eu-central-1" }),
          [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
        }
      );
    },
  },
];
