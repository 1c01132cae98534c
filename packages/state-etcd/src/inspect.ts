import { failureFinding, okFinding, quorumFinding, roundTripFinding } from "@acteon/state";
import type { BackendFinding } from "@acteon/state";
import { parseEtcdAddress } from "./etcd-address.ts";
import type { EtcdAddress } from "./etcd-address.ts";
import { EtcdCallError, EtcdClient } from "./etcd-client.ts";
import { refusedAtOpen } from "./etcd-errors.ts";
import { KeySpace } from "./key-space.ts";
import { decodeRangeReply } from "./key-value.ts";
import { alarmFinding, readCluster, versionFinding } from "./look-at-cluster.ts";
import type { EtcdStateOptions } from "./open-etcd-state.ts";
import { encodeRange } from "./range-messages.ts";
import { isInStep, readClockLead } from "./server-date.ts";
import { decodeTxn, encodePlainTxn } from "./txn-message.ts";

type InspectOptions = Required<Pick<EtcdStateOptions, "prefix" | "callTimeoutMs" | "clock">> &
  Pick<EtcdStateOptions, "tls"> & { readonly url: string | undefined };

/** Looks at a cluster, and changes nothing in it. */
export async function* inspect(options: InspectOptions): AsyncGenerator<BackendFinding, void, void> {
  let client: EtcdClient | undefined;
  try {
    const address = parseEtcdAddress(options.url, options.tls);
    client = new EtcdClient({ address, clock: options.clock, callTimeoutMs: options.callTimeoutMs });
    yield* findings(client, address, options);
  } catch (error) {
    yield failureOf("connection", error);
  } finally {
    client?.close();
  }
}

async function* findings(
  client: EtcdClient,
  address: EtcdAddress,
  { prefix, callTimeoutMs, clock }: InspectOptions,
): AsyncGenerator<BackendFinding, void, void> {
  await client.open();
  yield okFinding("connection", `connected to ${client.endpoints.join(", ")}`);
  const cluster = await readCluster(client);
  yield versionFinding(cluster);
  yield quorumFinding(cluster.members);
  yield alarmFinding(cluster);
  const space = new KeySpace(prefix);
  const permission = await permissionFinding(client, space);
  yield permission;
  if (permission.level === "failure") return; // or each look at the keys would tell it again
  yield okFinding("schema", `none is needed; all keys begin with ${prefix}/`);
  for (const endpoint of client.endpoints)
    yield clockFinding(endpoint, await readClockLead(endpoint, address.tls, { clock, timeoutMs: callTimeoutMs }));
  yield await roundTripFinding(clock, () =>
    client.call("KV/Range", encodeRange(space.all, { limit: 1, revision: 0 }), decodeRangeReply),
  );
}

function failureOf(subject: string, error: unknown): BackendFinding {
  return failureFinding(subject, error instanceof EtcdCallError ? refusedAtOpen(error) : error);
}

/** etcd looks at the permissions for what a transaction would write, before it looks at the condition, which here is never true. */
async function permissionFinding(client: EtcdClient, space: KeySpace): Promise<BackendFinding> {
  const key = space.touched;
  const never = { key, result: "less", target: "modRevision", value: 0 } as const;
  const txn = { conditions: [never], writes: [{ key, value: "", lease: 0 }], reads: [key] };
  try {
    await client.call("KV/Txn", encodePlainTxn(txn), decodeTxn);
    return okFinding("permissions", "may read and write the keys of its prefix");
  } catch (error) {
    return failureOf("permissions", error);
  }
}

function clockFinding(endpoint: string, lead: Awaited<ReturnType<typeof readClockLead>>): BackendFinding {
  const subject = "clock";
  if (lead === undefined) return okFinding(subject, `etcd at ${endpoint} does not tell its time`);
  if (isInStep(lead)) return okFinding(subject, `etcd at ${endpoint} and this machine agree to the second`);
  const { leastMs, mostMs } = lead;
  const seconds = Math.round(Math.abs(leastMs + mostMs) / 2_000);
  return {
    level: "warning",
    subject,
    found: `the clock of etcd at ${endpoint} is ${seconds} s ${leastMs > 0 ? "ahead of" : "behind"} this machine's`,
    help: "keep all machines in step by NTP; meanwhile TTLs and windows go by the server's clock, to the half second (locks need no clock)",
  };
}
