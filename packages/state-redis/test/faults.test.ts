import { describeServerFaults } from "@acteon/state/conformance";
import type { FaultClientOptions } from "@acteon/state/conformance";
import { FaultProxy, RedisServer, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const server = serverOrSkip("redis", () => RedisServer.start());
let spaces = 0;

describeServerFaults({
  name: "redis",
  backend: "redis",
  callTimeoutMs: 1_000,
  async open() {
    const { port, process } = server();
    const proxy = await FaultProxy.to(port);
    const prefix = `space-${spaces++}`;
    const connect = (to: number, options: FaultClientOptions) =>
      openRedisState({ url: `redis://127.0.0.1:${to}`, prefix, ...options });
    return {
      connect: (options) => connect(port, options),
      connectThroughProxy: (options) => connect(proxy.port, options),
      network: proxy,
      server: process,
      [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    };
  },
});
