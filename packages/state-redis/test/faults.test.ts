import { describeServerFaults } from "@acteon/state/conformance";
import { FaultProxy, RedisServer, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const server = serverOrSkip("redis", () => RedisServer.start());
let spaces = 0;
const callTimeoutMs = 1_000;

describeServerFaults({
  name: "redis",
  backend: "redis",
  callTimeoutMs,
  async open() {
    const { port, process } = server();
    const proxy = await FaultProxy.to(port);
    const prefix = `space-${spaces++}`;
    const connect = (to: number) => openRedisState({ url: `redis://127.0.0.1:${to}`, prefix, callTimeoutMs });
    return {
      connect: () => connect(port),
      connectThroughProxy: () => connect(proxy.port),
      network: proxy,
      server: process,
      [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    };
  },
});
