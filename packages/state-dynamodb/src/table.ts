import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient, TableDescription } from "@aws-sdk/client-dynamodb";
import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import type { ActeonError, Clock } from "@acteon/core";
import { failureOf, unavailable } from "./dynamo-errors.ts";
import { garbageAttribute } from "./table-layout.ts";

/** What is done with the table as a whole: seldom, and without haste. */
export interface TableAdmin {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly table: string;
  readonly where: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `undefined`: there is none. */
export async function describeTable(admin: TableAdmin): Promise<TableDescription | undefined> {
  try {
    const answer = await asked(admin, () =>
      admin.client.send(new DescribeTableCommand({ TableName: admin.table }), { abortSignal: admin.signal }),
    );
    return answer.Table;
  } catch (error) {
    if (error instanceof StateUnavailableError && error.cause instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

export interface TableFault {
  /** As a sentence without a full stop. */
  readonly found: string;
  readonly help: string;
  /** It goes by itself. */
  readonly passes?: true;
}

/** Why this is no table for the store; `undefined`: it is one. */
export function faultOfTable(table: TableDescription | undefined): TableFault | undefined {
  if (table === undefined)
    return {
      found: "there is no such table",
      help: "run `acteon migrate`, or write the right `state.table_name` and `state.region`",
    };
  const keys = (table.KeySchema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(", ");
  if (keys !== "pk HASH, sk RANGE")
    return {
      found: `the key of the table is (${keys}), and not (pk HASH, sk RANGE): it is not one of Acteon's`,
      help: "name another in `state.table_name`, and run `acteon migrate`",
    };
  const { TableStatus: status = "of no status" } = table;
  if (status === "ACTIVE" || status === "UPDATING") return undefined;
  return { found: `the table is ${status}`, help: "wait until it is ACTIVE", passes: true };
}

/** Is garbage deleted by the attribute that says so? */
export async function deletesGarbage(admin: TableAdmin): Promise<boolean> {
  const { TimeToLiveDescription: ttl } = await asked(admin, () =>
    admin.client.send(new DescribeTimeToLiveCommand({ TableName: admin.table }), { abortSignal: admin.signal }),
  );
  const on = ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
  return on && ttl.AttributeName === garbageAttribute;
}

/** Makes what is missing, and says what it made. Of many nodes that do so at once one does each step, and all wait for it. */
export async function* makeTable(admin: TableAdmin): AsyncGenerator<string, void, void> {
  if ((await describeTable(admin)) === undefined && (await create(admin)))
    yield `created table ${admin.table}, billed on demand`;
  await untilActive(admin);
  if (!(await deletesGarbage(admin)) && (await enableTimeToLive(admin)))
    yield `enabled time to live on attribute ${garbageAttribute} of table ${admin.table}`;
}

/** False: another node was first. */
async function create({ client, table, signal, ...admin }: TableAdmin): Promise<boolean> {
  return firstOf(() =>
    asked({ client, table, signal, ...admin }, () =>
      client.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [
            { AttributeName: "pk", AttributeType: "S" },
            { AttributeName: "sk", AttributeType: "S" },
          ],
          KeySchema: [
            { AttributeName: "pk", KeyType: "HASH" },
            { AttributeName: "sk", KeyType: "RANGE" },
          ],
        }),
        { abortSignal: signal },
      ),
    ),
  );
}

async function enableTimeToLive(admin: TableAdmin): Promise<boolean> {
  return firstOf(() =>
    asked(admin, () =>
      admin.client.send(
        new UpdateTimeToLiveCommand({
          TableName: admin.table,
          TimeToLiveSpecification: { AttributeName: garbageAttribute, Enabled: true },
        }),
        { abortSignal: admin.signal },
      ),
    ),
  );
}

async function firstOf(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof ResourceInUseException || isAlreadyEnabled(cause)) return false;
    throw error;
  }
}

/** How DynamoDB says that time to live is on already; it has no error of its own for that. */
function isAlreadyEnabled(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "ValidationException" && /already (enabled|disabled)/i.test(error.message)
  );
}

async function untilActive(admin: TableAdmin): Promise<void> {
  for (;;) {
    const table = await describeTable(admin);
    const fault = faultOfTable(table);
    if (fault === undefined) return;
    if (table !== undefined && table.TableStatus !== "CREATING") throw unusable(admin.where, fault);
    await new Promise<void>((resolve) => admin.clock.after(activePollMs, resolve));
    admin.signal.throwIfAborted();
  }
}

export function unusable(where: string, { found, help, passes }: TableFault): ActeonError {
  const Unusable = passes === true ? StateUnavailableError : ConfigurationError;
  return new Unusable(`DynamoDB at ${where}: ${found}`, { help });
}

const activePollMs = 250;

async function asked<Answer>({ where, signal }: TableAdmin, ask: () => Promise<Answer>): Promise<Answer> {
  signal.throwIfAborted();
  try {
    return await ask();
  } catch (cause) {
    signal.throwIfAborted();
    throw unavailable(failureOf(cause), where, cause);
  }
}
