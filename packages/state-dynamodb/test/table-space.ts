import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "@acteon/core";
import { startDynamoDb } from "@acteon/test-servers";
import type { ServerProcess } from "@acteon/test-servers";
import type { DynamoDbStateOptions } from "../src/index.ts";
import { makeTable } from "../src/table.ts";

/** A server whose tables outlive a kill. */
export interface KeptServer extends AsyncDisposable {
  readonly process: ServerProcess;
}

/** Its folder is in memory where the machine has such a one: what is tested is the server's crash, and not the machine's. */
export async function startKeptServer(): Promise<KeptServer | undefined> {
  const dataFolder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "acteon-dynamodb-"));
  const process = await startDynamoDb({ dataFolder });
  if (process === undefined) return undefined;
  return {
    process,
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      rmSync(dataFolder, { recursive: true });
    },
  };
}

/** DynamoDB Local takes any, and has tables of their own for each. */
const credentials = { accessKeyId: "acteon", secretAccessKey: "test" };

export function optionsFor(port: number, table: string): DynamoDbStateOptions {
  return { endpoint: `http://127.0.0.1:${port}`, table, credentials };
}

/** @returns What removes it again. */
export async function makeTestTable(port: number, table: string): Promise<() => Promise<void>> {
  const client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", credentials });
  const admin = { client, table, where: `port ${port}`, clock: systemClock, signal: AbortSignal.timeout(20_000) };
  for await (const _ of makeTable(admin));
  return async () => {
    await client.send(new DeleteTableCommand({ TableName: table }));
    client.destroy();
  };
}
