import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "@acteon/core";
import type { EtcdTls } from "./etcd-address.ts";

/** Between which two amounts the server's wall clock is ahead of ours, in ms. */
export interface ClockLead {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * What the `Date` of a member's HTTP answer says of its clock: to the second, less what the answer took. `undefined`: it gave none,
 * as where its port speaks gRPC only.
 */
export function readClockLead(
  endpoint: string,
  tls: EtcdTls | undefined,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<ClockLead | undefined> {
  const { promise, resolve } = Promise.withResolvers<ClockLead | undefined>();
  const askedAtMs = clock.nowMs();
  const options = { timeout: timeoutMs, agent: false };
  const request =
    tls === undefined
      ? httpRequest(`http://${endpoint}/version`, options)
      : httpsRequest(`https://${endpoint}/version`, {
          ...options,
          ca: tls.ca,
          cert: tls.cert,
          key: tls.key,
          rejectUnauthorized: !tls.insecure,
        });
  request.on("response", (response) => {
    response.resume();
    const dateMs = Date.parse(response.headers.date ?? "");
    const known = { leastMs: dateMs - clock.nowMs(), mostMs: dateMs + 1_000 - askedAtMs };
    resolve(Number.isNaN(dateMs) ? undefined : known);
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(undefined));
  request.on("close", () => resolve(undefined));
  request.end();
  return promise;
}
