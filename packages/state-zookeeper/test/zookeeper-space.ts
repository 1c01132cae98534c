import type { FaultSpace, StateSpace } from "@acteon/state/conformance";
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
export async function faultSpace({ members }: ZooKeeperEnsemble, callTimeoutMs: number): Promise<FaultSpace> {
  const [server] = members as [ServerProcess];
  const proxy = await FaultProxy.to(server.port);
  const chroot = randomUUID();
  const connect = (port: number): Promise<ZooKeeperStateStore> =>
    openZooKeeperState({ url: `zookeeper://127.0.0.1:${port}/${chroot}`, callTimeoutMs });
  return {
    connect: () => connect(server.port),
    connectThroughProxy: () => connect(proxy.port),
    network: proxy,
    server,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
