import { randomUUID } from "node:crypto";
import type { StateStore } from "@acteon/state";
import type { FaultClientOptions, FaultSpace, StateSpace } from "@acteon/state/conformance";
import { FaultProxy } from "@acteon/test-servers";
import type { RedisServer } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

/** Keys of its own in a server that all tests of a file share. */
export function redisSpace({ url, process }: RedisServer): StateSpace {
  const prefix = randomUUID();
  return {
    connect: () => openRedisState({ url, prefix }),
    async restart() {
      await process.kill();
      await process.start();
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** The same with a proxy in front. */
export async function faultSpace({ port, process }: RedisServer): Promise<FaultSpace> {
  const prefix = randomUUID();
  const proxy = await FaultProxy.to(port);
  const connect = (to: number, options: FaultClientOptions): Promise<StateStore> =>
    openRedisState({ url: `redis://127.0.0.1:${to}`, prefix, ...options });
  return {
    connect: (options) => connect(port, options),
    connectThroughProxy: (options) => connect(proxy.port, options),
    network: proxy,
    server: process,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
