import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { ConfigurationError } from "@acteon/core";
import type { Clock } from "@acteon/core";
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
 * @throws {ConfigurationError} No endpoint, no region, or a file of a certificate that cannot be read.
 */
export function connect(address: DynamoDbAddress, clock: Clock): Connection {
  const { endpoint, region, table, credentials, tls, maxConnections, callTimeoutMs } = address;
  checkEndpoint(endpoint);
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

const form = "`state.url` is the endpoint, as `http://127.0.0.1:8000`; leave it out for AWS";

function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) throw new ConfigurationError(form);
  if (url.username !== "" || url.password !== "")
    throw new ConfigurationError(`${form}; credentials are taken from AWS's environment, not from it`);
}

function tlsOptions(tls: StateTlsSettings | undefined) {
  if (tls === undefined) return {};
  return {
    ...(tls.caPath === undefined ? {} : { ca: fileOf("tls_ca_cert_path", tls.caPath) }),
    ...(tls.certPath === undefined ? {} : { cert: fileOf("tls_cert_path", tls.certPath) }),
    ...(tls.keyPath === undefined ? {} : { key: fileOf("tls_key_path", tls.keyPath) }),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  };
}

function fileOf(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigurationError(`\`state.${setting}\` names a file that cannot be read: ${path}`, { cause });
  }
}
