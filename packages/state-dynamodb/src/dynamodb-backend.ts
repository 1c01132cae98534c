import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { systemRandom } from "@acteon/core";
import { failureFinding, okFinding, roundTripFinding } from "@acteon/state";
import type { BackendFinding, RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import { connect } from "./connect.ts";
import type { Connection, DynamoDbAddress } from "./connect.ts";
import { durabilityOf } from "./durability.ts";
import { failureOf, unavailable } from "./dynamo-errors.ts";
import { defaultTable, openDynamoDbState } from "./open-dynamodb-state.ts";
import { deletesGarbage, describeTable, faultOfTable, makeTable, unusable } from "./table.ts";
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
      yield failureFinding("connection", error);
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
  yield okFinding("connection", `DynamoDB answers at ${admin.where}`);
  yield okFinding("server version", "none: DynamoDB has no releases, and its interface is that of 2012-08-10");
  const fault = faultOfTable(table);
  if (fault !== undefined) {
    yield failureFinding("schema", unusable(admin.where, fault));
    return;
  }
  yield okFinding("schema", `table ${admin.table} has the keys that it needs`);
  yield await garbageFinding(admin);
  yield* permissionFindings(admin);
  yield durabilityOf(table, settings.url);
  yield clockFinding(connection);
  yield await roundTripFinding(ports.clock, () => readNothing(admin));
}

async function garbageFinding(admin: TableAdmin): Promise<BackendFinding> {
  if (await deletesGarbage(admin))
    return okFinding("time to live", "what is over is deleted by DynamoDB in the course of time");
  return {
    level: "warning",
    subject: "time to live",
    found: "it is off: what is over stays in the table, and is paid for",
    help: "run `acteon migrate`",
  };
}

/** A read of nothing, and a write whose condition cannot hold. */
async function* permissionFindings(admin: TableAdmin): AsyncGenerator<BackendFinding, void, void> {
  const { client, table, where, signal } = admin;
  const never = "attribute_not_exists(pk) AND attribute_exists(pk)";
  const write = new PutItemCommand({ TableName: table, Item: doctorKey, ConditionExpression: never });
  const tries = {
    "dynamodb:GetItem": () => readNothing(admin),
    "dynamodb:PutItem": () => client.send(write, { abortSignal: signal }),
  };
  for (const [permission, attempt] of Object.entries(tries)) {
    try {
      await attempt();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused") {
        yield failureFinding("permissions", unavailable(failure, where, error));
        continue;
      }
    }
    yield okFinding("permissions", `${permission} is allowed`);
  }
}

const doctorKey = { pk: { S: "#doctor" }, sk: { S: "#doctor" } };

function readNothing({ client, table, signal }: TableAdmin): Promise<unknown> {
  const read = new GetItemCommand({ TableName: table, Key: doctorKey, ConsistentRead: true });
  return client.send(read, { abortSignal: signal });
}

function clockFinding({ serverClock }: Connection): BackendFinding {
  const aheadMs = Math.round(serverClock.aheadMs());
  if (Math.abs(aheadMs) <= maxClockStepMs)
    return okFinding("clock", `the server's clock and this machine's agree to ${maxClockStepMs} ms`);
  return {
    level: "warning",
    subject: "clock",
    found: `this machine's clock is ${Math.abs(aheadMs)} ms ${aheadMs > 0 ? "ahead of" : "behind"} the server's`,
    help: "set it by NTP: due times are by the clocks of gateways, and AWS refuses requests over 15 minutes off",
  };
}

const maxClockStepMs = 1_000;
