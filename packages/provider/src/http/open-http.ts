import { lookup } from "node:dns";
import type { LookupAddress } from "node:dns";
import { ValidationError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { checkUrl } from "./endpoint-url.ts";
import type { EndpointOptions, Http, HttpEndpoint } from "./http.ts";
import { PoolEndpoint } from "./pool-endpoint.ts";

/** Every bound of outbound HTTP (guarantees O1). */
export interface HttpLimits {
  /** For the name's resolution, the connection and TLS. */
  readonly connectTimeoutMs: number;
  /** From the request to the head of its reply. */
  readonly firstByteTimeoutMs: number;
  /** Of a reply's body, on the wire and decoded. */
  readonly maxReplyBytes: number;
  /** To one endpoint. */
  readonly maxConnections: number;
  /** Requests to one endpoint under way or waiting for a connection; one more fails at once, unsent. */
  readonly maxRequests: number;
}

export const defaultHttpLimits: HttpLimits = {
  connectTimeoutMs: 10_000,
  firstByteTimeoutMs: 30_000,
  maxReplyBytes: 1_048_576,
  maxConnections: 64,
  maxRequests: 4_096,
};

export interface HttpOptions {
  readonly clock: Clock;
  readonly limits?: Partial<HttpLimits>;
  /** Certificates of authorities to trust instead of those that Node brings, PEM. */
  readonly ca?: string;
  /** The addresses of a name; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

export type Resolve = (
  hostname: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The one outbound HTTP module (guarantees S4). Proxies that the environment names are not used. */
export function openHttp({ clock, limits, ca, resolve = systemResolve }: HttpOptions): Http {
  const settings = { clock, ca, resolve, limits: { ...defaultHttpLimits, ...limits } };
  return {
    endpoint(text: string, { allowNetworks = [] }: EndpointOptions = {}): HttpEndpoint {
      const check = checkUrl(text, { operator: { allowNetworks } });
      if (check.kind === "refused") {
        throw new ValidationError([{ pointer: "", code: check.code, message: check.message }]);
      }
      return new PoolEndpoint(check.url, check.reach, settings);
    },
  };
}

const systemResolve: Resolve = (hostname, answer) => {
  lookup(hostname, { all: true, order: "verbatim" }, answer);
};
