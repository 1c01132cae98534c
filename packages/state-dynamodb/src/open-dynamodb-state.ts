import { StateUnavailableError, systemClock, systemRandom } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { connect } from "./connect.ts";
import type { DynamoDbAddress } from "./connect.ts";
import { DynamoCalls } from "./dynamo-calls.ts";
import { DynamoDbStateStore } from "./dynamodb-state-store.ts";
import { describeTable, faultOfTable } from "./table.ts";

export interface DynamoDbStateOptions extends Partial<DynamoDbAddress> {
  readonly clock?: Clock;
  readonly random?: Random;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

export const defaultTable = "acteon_state";

/**
 * State in a table that `acteon migrate` has made: `acteon_state` unless said, at AWS unless there is an endpoint.
 * @throws {ConfigurationError} An option is wrong.
 * @throws {StateUnavailableError} DynamoDB does not answer, or refuses, or has no such table; it says what to do.
 */
export async function openDynamoDbState(options: DynamoDbStateOptions = {}): Promise<DynamoDbStateStore> {
  const { clock = systemClock, random = systemRandom, callTimeoutMs = 5_000, maxConnections = 64 } = options;
  const { signal = AbortSignal.timeout(callTimeoutMs) } = options;
  const { endpoint, region, table = defaultTable, credentials, tls } = options;
  const address = { endpoint, region, table, credentials, tls, maxConnections, callTimeoutMs };
  const { client, serverClock, where } = connect(address, clock);
  try {
    const found = await describeTable({ client, table, where, clock, signal });
    const fault = found === undefined ? "is not there" : faultOfTable(found);
    if (fault !== undefined)
      throw new StateUnavailableError(`DynamoDB at ${where}: the table ${fault}; run \`acteon migrate\` to make it`);
  } catch (error) {
    client.destroy();
    throw error;
  }
  const calls = new DynamoCalls({ client, table, where, clock, random, maxConnections, callTimeoutMs });
  return new DynamoDbStateStore({ calls, serverClock, clock, random });
}
