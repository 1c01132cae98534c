import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "@acteon/core";
import type { EtcdAddress, EtcdTls } from "./etcd-address.ts";

/** Between which two amounts the server's wall clock is ahead of ours, in ms. */
export interface ClockLead {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Below it two clocks are taken for the same: a server tells its time to the second only, and NTP keeps machines far closer. */
const maxLeadMs = 2_000;

export function isInStep({ leastMs, mostMs }: ClockLead): boolean {
  return leastMs < maxLeadMs && mostMs > -maxLeadMs;
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

/** Of the first member, as `state.url` names them, that tells its time: so all gateways go by one clock. */
export async function readClusterLead(
  { endpoints, tls }: EtcdAddress,
  options: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<ClockLead | undefined> {
  for (const endpoint of endpoints) {
    const lead = await readClockLead(endpoint, tls, options);
    if (lead !== undefined) return lead;
  }
  return undefined;
}
