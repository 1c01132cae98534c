import type { FaultClientOptions, FaultSpace, StateSpace } from "@acteon/state/conformance";
import { FaultProxy } from "@acteon/test-servers";
import type { ServerProcess, ZooKeeperEnsemble } from "@acteon/test-servers";
import { randomUUID } from "node:crypto";
import type { ZooKeeperStateStore } from "../src/index.ts";
import { openZooKeeperState } from "../src/index.ts";

export interface ZooKeeperSpace extends StateSpace {
  connect(): Promise<ZooKeeperStateStore>;
}

/** A chroot of its own on servers that all tests of a file share. */
export function zookeeperSpace({ hosts, members }: ZooKeeperEnsemble): ZooKeeperSpace {
  const url = `zookeeper://${hosts}/${randomUUID()}`;
  return {
    connect: () => openZooKeeperState({ url, callTimeoutMs: 10_000 }),
    async restart() {
      for (const member of members) await member.kill();
      await Promise.all(members.map((member) => member.start()));
    },
    async [Symbol.asyncDispose]() {}, // it goes with the servers
  };
}

/** The same with a proxy in front of the first server. */
export async function faultSpace({ members }: ZooKeeperEnsemble): Promise<FaultSpace> {
  const [server] = members as [ServerProcess];
  const proxy = await FaultProxy.to(server.port);
  const chroot = randomUUID();
  const connect = (port: number, options: FaultClientOptions): Promise<ZooKeeperStateStore> =>
    openZooKeeperState({ url: `zookeeper://127.0.0.1:${port}/${chroot}`, ...options });
  return {
    connect: (options) => connect(server.port, options),
    connectThroughProxy: (options) => connect(proxy.port, options),
    network: proxy,
    server,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
