import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { ConfigurationError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { noTlsSettings, readTlsFiles } from "@acteon/state";
import type { StateTlsSettings } from "@acteon/state";
import { ServerClock } from "./server-clock.ts";

/** Where a table is, and how to get there. */
export interface DynamoDbAddress {
  /** `undefined`: AWS, in `region`. */
  readonly endpoint: string | undefined;
  /** `undefined`: as AWS's environment says. */
  readonly region: string | undefined;
  readonly table: string;
  /** `undefined`: those of AWS's environment. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly tls?: StateTlsSettings | undefined;
  readonly maxConnections: number;
  /** Longest time that a request may take. */
  readonly callTimeoutMs: number;
}

export interface Connection {
  readonly client: DynamoDBClient;
  readonly serverClock: ServerClock;
  /** Address and table, for messages. */
  readonly where: string;
}

/**
 * A client that tries each request once: what may be tried again depends on the request, and is decided by `DynamoCalls`.
 * @throws {ConfigurationError} Of another form than an endpoint or a table's name, or a file of a certificate that cannot be read.
 */
export function connect(address: DynamoDbAddress, clock: Clock): Connection {
  const { endpoint, region, table, credentials, tls = noTlsSettings, maxConnections, callTimeoutMs } = address;
  checkEndpoint(endpoint, tls);
  checkTable(table);
  const sockets = { keepAlive: true, maxSockets: maxConnections };
  const config: DynamoDBClientConfig = {
    ...(endpoint === undefined ? {} : { endpoint }),
    // Another server than AWS's asks for a region only to sign by; AWS's, if it is not said, the SDK finds in the environment.
    ...(region === undefined && endpoint === undefined ? {} : { region: region ?? "us-east-1" }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(callTimeoutMs, maxConnectMs),
      requestTimeout: callTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: sockets,
      httpsAgent: { ...sockets, ...tlsOptions(tls) },
    },
  };
  const client = new DynamoDBClient(config);
  const serverClock = new ServerClock(clock);
  watchDates(client, serverClock, clock);
  return {
    client,
    serverClock,
    where: `${endpoint ?? `AWS ${region ?? "(region of its environment)"}`}, table ${table}`,
  };
}

const maxConnectMs = 2_000;

/** Every answer says what time it is there. */
function watchDates(client: DynamoDBClient, serverClock: ServerClock, clock: Clock): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentAtMs = clock.monotonicMs();
      const result = await next(args);
      const dateMs = Date.parse(dateHeader(result.response) ?? "");
      if (!Number.isNaN(dateMs)) serverClock.observe(dateMs, sentAtMs);
      return result;
    },
    { step: "deserialize", priority: "low", name: "watchDates" },
  );
}

function dateHeader(response: unknown): string | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return undefined;
  return typeof headers.date === "string" ? headers.date : undefined;
}

const form = "write the endpoint, as `http://127.0.0.1:8000`; leave it out for AWS";

function checkEndpoint(endpoint: string | undefined, { enabled }: StateTlsSettings): void {
  const url = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (endpoint !== undefined && url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new ConfigurationError("`state.url` is no endpoint", { help: form });
  if (url !== undefined && (url.username !== "" || url.password !== ""))
    throw new ConfigurationError("`state.url` holds credentials, which are taken from AWS's environment", {
      help: form,
    });
  const speaksTls = url?.protocol !== "http:";
  if (enabled !== undefined && enabled !== speaksTls)
    throw new ConfigurationError(
      `\`state.tls_enabled\` is ${enabled}, and the endpoint begins with ${speaksTls ? "https" : "http"}://`,
      { help: "leave `state.tls_enabled` out: the endpoint says it" },
    );
}

/** As DynamoDB wants them: "Naming rules and data types", developer guide. */
function checkTable(name: string): void {
  if (!/^[\w.-]{3,255}$/.test(name))
    throw new ConfigurationError("`state.table_name` is no name of a table in DynamoDB", {
      help: "write 3 to 255 of a-z, A-Z, 0-9, _, - and .",
    });
}

function tlsOptions(tls: StateTlsSettings) {
  return {
    ...readTlsFiles(tls),
    rejectUnauthorized: !tls.insecure,
  };
}
