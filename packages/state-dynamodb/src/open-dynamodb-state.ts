import { systemClock, systemRandom } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type { BackendFinding } from "@acteon/state";
import { connect } from "./connect.ts";
import type { DynamoDbAddress } from "./connect.ts";
import { durabilityOf } from "./durability.ts";
import { DynamoCalls } from "./dynamo-calls.ts";
import { DynamoDbStateStore } from "./dynamodb-state-store.ts";
import { describeTable, faultOfTable, unusable } from "./table.ts";

export interface DynamoDbStateOptions extends Partial<DynamoDbAddress> {
  readonly clock?: Clock;
  readonly random?: Random;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
  /** Told at open where less is promised than could be. */
  readonly warn?: (finding: BackendFinding) => void;
}

export const defaultTable = "acteon_state";

/**
 * State in a table that `acteon migrate` has made: `acteon_state` unless said, at AWS unless there is an endpoint.
 * @throws {ConfigurationError} An option is wrong, or there is no such table.
 * @throws {StateUnavailableError} DynamoDB does not answer, or refuses; it says what to do.
 */
export async function openDynamoDbState(options: DynamoDbStateOptions = {}): Promise<DynamoDbStateStore> {
  const { clock = systemClock, random = systemRandom, callTimeoutMs = 5_000, maxConnections = 64 } = options;
  const { signal = new AbortController().signal, warn } = options;
  const { endpoint, region, table = defaultTable, credentials, tls } = options;
  const address = { endpoint, region, table, credentials, tls, maxConnections, callTimeoutMs };
  const { client, serverClock, where } = connect(address, clock);
  try {
    const found = await describeTable({ client, table, where, clock, signal });
    const fault = faultOfTable(found);
    if (fault !== undefined) throw unusable(where, fault);
    const durability = durabilityOf(found, endpoint);
    if (durability.level === "warning") warn?.(durability);
  } catch (error) {
    client.destroy();
    throw error;
  }
  const calls = new DynamoCalls({ client, table, where, clock, random, maxConnections, callTimeoutMs });
  return new DynamoDbStateStore({ calls, serverClock, clock, random });
}
