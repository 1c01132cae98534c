import { randomUUID } from "node:crypto";
import type { Namespace, TenantId } from "@acteon/core";
import type { StateStore } from "@acteon/state";
import { stateScope } from "@acteon/state";
import type { FaultClientOptions, FaultSpace, StateSpace } from "@acteon/state/conformance";
import { FaultProxy } from "@acteon/test-servers";
import type { EtcdCluster } from "@acteon/test-servers";
import type { EtcdStateStore } from "../src/index.ts";
import { openEtcdState } from "../src/index.ts";

/** A tenant to test with. */
export const acme = stateScope("orders" as Namespace, "acme" as TenantId);

export interface EtcdSpace extends StateSpace {
  readonly prefix: string;
  connect(): Promise<EtcdStateStore>;
}

/** Keys of its own in a cluster that all tests of a file share. */
export function etcdSpace({ endpoints, members }: EtcdCluster): EtcdSpace {
  const url = `etcd://${endpoints.join(",")}`;
  const prefix = randomUUID();
  return {
    prefix,
    connect: () => openEtcdState({ url, prefix, callTimeoutMs: 10_000 }),
    async restart() {
      for (const member of members) await member.kill();
      await Promise.all(members.map((member) => member.start()));
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** The same with a proxy in front of its only member. */
export async function faultSpace({ endpoints, members }: EtcdCluster): Promise<FaultSpace> {
  const [server] = members;
  const [endpoint] = endpoints;
  if (server === undefined || endpoint === undefined) throw new TypeError("a cluster without members");
  const prefix = randomUUID();
  const proxy = await FaultProxy.to(server.port);
  const connect = (to: string, options: FaultClientOptions): Promise<StateStore> =>
    openEtcdState({ url: `etcd://${to}`, prefix, ...options });
  return {
    connect: (options) => connect(endpoint, options),
    connectThroughProxy: (options) => connect(`127.0.0.1:${proxy.port}`, options),
    network: proxy,
    server,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
