import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock, systemRandom } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { StateGroup } from "@acteon/state";
import { startDynamoDb } from "@acteon/test-servers";
import type { ServerProcess } from "@acteon/test-servers";
import { openDynamoDbState } from "../src/index.ts";
import type { DynamoDbStateOptions } from "../src/index.ts";
import { makeTable } from "../src/table.ts";
import { DynamoDbFront } from "./dynamodb-front.ts";

/** A server whose tables, and all that it has acknowledged, outlive a kill. */
export interface KeptServer extends AsyncDisposable {
  readonly process: ServerProcess;
  /** Of its front, which clients are to use. */
  readonly port: number;
}

/** Its folder is in memory where the machine has such a one: what is tested is the server's crash, and not the machine's. */
export async function startKeptServer(): Promise<KeptServer | undefined> {
  const dataFolder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "acteon-dynamodb-"));
  const process = await startDynamoDb({ dataFolder });
  if (process === undefined) return undefined;
  await warmUp(process.port);
  const front = await DynamoDbFront.to(process.port);
  return {
    process,
    port: front.port,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await process[Symbol.asyncDispose]();
      rmSync(dataFolder, { recursive: true });
    },
  };
}

/** The first requests to a fresh Java take a second each, and are no fault. */
async function warmUp(port: number): Promise<void> {
  await using table = await makeTestTable(port);
  await using store = await openDynamoDbState({ ...table.options(), callTimeoutMs: 20_000 });
  const scope = stateScope("warm" as Namespace, undefined);
  for (let i = 0; i < 10; i++) {
    const [a, b] = [stateKey(scope, "state", `a${i}`), stateKey(scope, "state", `b${i}`)] as const;
    const groups: StateGroup[] = [
      [{ op: "set", key: a, value: "x" }],
      [{ op: "get", key: a }],
      [
        { op: "checkAndSet", key: a, value: "x" },
        { op: "set", key: b, value: "x" },
      ],
    ];
    for (const group of groups) await store.apply([group], { signal: AbortSignal.timeout(20_000) });
  }
}

/** DynamoDB Local takes any, and has tables of their own for each. */
export const credentials = { accessKeyId: "acteon", secretAccessKey: "test" };

/** A table of its own, deleted in the end. */
export interface TestTable extends AsyncDisposable {
  /** @param throughPort Of a proxy; of the server unless said. */
  options(throughPort?: number): DynamoDbStateOptions;
}

export async function makeTestTable(port: number): Promise<TestTable> {
  const endpointOf = (at: number): string => `http://127.0.0.1:${at}`;
  const table = `acteon-${systemRandom.uuid()}`;
  const client = new DynamoDBClient({ endpoint: endpointOf(port), region: "us-east-1", credentials });
  const admin = { client, table, where: endpointOf(port), clock: systemClock, signal: AbortSignal.timeout(20_000) };
  for await (const _ of makeTable(admin));
  return {
    options: (throughPort = port) => ({ endpoint: endpointOf(throughPort), table, credentials }),
    async [Symbol.asyncDispose]() {
      await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
    },
  };
}
