import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { systemRandom } from "@acteon/core";
import type { BackendFinding, RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import { connect } from "./connect.ts";
import type { Connection, DynamoDbAddress } from "./connect.ts";
import { durabilityOf } from "./durability.ts";
import { failureOf, unavailable } from "./dynamo-errors.ts";
import { defaultTable, openDynamoDbState } from "./open-dynamodb-state.ts";
import { deletesGarbage, describeTable, faultOfTable, makeTable } from "./table.ts";
import type { TableAdmin } from "./table.ts";

export const dynamodbBackend: StateBackend = {
  name: "dynamodb",

  open(settings, ports) {
    const { clock, signal } = ports;
    const warn = (finding: BackendFinding): void => ports.warn(finding);
    return openDynamoDbState({ ...addressOf(settings), clock, random: systemRandom, signal, warn });
  },

  async *inspect(settings, ports) {
    let connection: Connection | undefined;
    try {
      connection = connect(addressOf(settings), ports.clock);
      yield* findings(settings, ports, connection);
    } catch (error) {
      yield { level: "failure", subject: "connection", found: messageOf(error), help: connectionHelp };
    } finally {
      connection?.client.destroy();
    }
  },

  async *migrate(settings, ports) {
    const connection = connect(addressOf(settings), ports.clock);
    try {
      yield* makeTable(adminOf(settings, ports, connection));
    } finally {
      connection.client.destroy();
    }
  },
};

const connectionHelp =
  "check `state.url` (only for another server than AWS's), `state.region` and the AWS credentials of this process";

function addressOf(settings: RemoteStateSettings): DynamoDbAddress {
  return {
    endpoint: settings.url,
    region: settings.region,
    table: settings.tableName ?? defaultTable,
    tls: settings.tls,
    maxConnections: settings.pool.maxConnections,
    callTimeoutMs: settings.callTimeoutMs,
  };
}

function adminOf(
  settings: RemoteStateSettings,
  { clock, signal }: StateBackendPorts,
  connection: Connection,
): TableAdmin {
  const { client, where } = connection;
  return { client, where, table: settings.tableName ?? defaultTable, clock, signal };
}

async function* findings(
  settings: RemoteStateSettings,
  ports: StateBackendPorts,
  connection: Connection,
): AsyncGenerator<BackendFinding, void, void> {
  const admin = adminOf(settings, ports, connection);
  const table = await describeTable(admin);
  yield { level: "ok", subject: "connection", found: `DynamoDB answers at ${admin.where}` };
  const fault = faultOfTable(table);
  if (fault !== undefined) {
    yield { level: "failure", subject: "schema", ...fault };
    return;
  }
  yield { level: "ok", subject: "schema", found: `table ${admin.table} has the keys that it needs` };
  yield await garbageFinding(admin);
  yield* permissionFindings(admin);
  yield durabilityOf(table, settings.url);
  yield clockFinding(connection);
  yield await roundTripFinding(admin);
}

async function garbageFinding(admin: TableAdmin): Promise<BackendFinding> {
  if (await deletesGarbage(admin))
    return { level: "ok", subject: "time to live", found: "what is over is deleted by DynamoDB in the course of time" };
  return {
    level: "warning",
    subject: "time to live",
    found: "it is off: what is over stays in the table, and is paid for",
    help: "run `acteon migrate`",
  };
}

/** A read of nothing, and a write whose condition cannot hold. */
async function* permissionFindings({
  client,
  table,
  where,
  signal,
}: TableAdmin): AsyncGenerator<BackendFinding, void, void> {
  const key = { pk: { S: "#doctor" }, sk: { S: "#doctor" } };
  const never = "attribute_not_exists(pk) AND attribute_exists(pk)";
  const tries = {
    "dynamodb:GetItem": () => client.send(new GetItemCommand({ TableName: table, Key: key }), { abortSignal: signal }),
    "dynamodb:PutItem": () =>
      client.send(new PutItemCommand({ TableName: table, Item: key, ConditionExpression: never }), {
        abortSignal: signal,
      }),
  };
  for (const [permission, attempt] of Object.entries(tries)) {
    try {
      await attempt();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused") {
        const help = failure.kind === "denied" ? failure.cure : permissionHelp;
        yield { level: "failure", subject: "permissions", found: messageOf(unavailable(failure, where, error)), help };
        continue;
      }
    }
    yield { level: "ok", subject: "permissions", found: `${permission} is allowed` };
  }
}

const permissionHelp = "allow this process's AWS credentials to read and write the table";

function clockFinding({ serverClock }: Connection): BackendFinding {
  const aheadMs = Math.round(serverClock.aheadMs());
  if (Math.abs(aheadMs) <= maxClockStepMs)
    return {
      level: "ok",
      subject: "clock",
      found: `this machine's clock and the server's agree to ${maxClockStepMs} ms`,
    };
  return {
    level: "warning",
    subject: "clock",
    found: `this machine's clock is ${Math.abs(aheadMs)} ms ${aheadMs > 0 ? "ahead of" : "behind"} the server's`,
    help: "set it by NTP: due times are by the clocks of gateways, and AWS refuses requests over 15 minutes off",
  };
}

const maxClockStepMs = 1_000;

async function roundTripFinding({ client, table, clock, signal }: TableAdmin): Promise<BackendFinding> {
  const key = { pk: { S: "#doctor" }, sk: { S: "#doctor" } };
  const tookMs: number[] = [];
  for (let i = 0; i < roundTrips; i++) {
    const startedAtMs = clock.monotonicMs();
    await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }), {
      abortSignal: signal,
    });
    tookMs.push(clock.monotonicMs() - startedAtMs);
  }
  const middleMs = tookMs.toSorted((a, b) => a - b)[Math.floor(roundTrips / 2)] ?? 0;
  const found = `a read takes ${middleMs.toFixed(1)} ms (median of ${roundTrips})`;
  if (middleMs <= slowTripMs) return { level: "ok", subject: "round trip", found };
  return { level: "warning", subject: "round trip", found, help: "run the gateway in the region of the table" };
}

const roundTrips = 9;
const slowTripMs = 20;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
