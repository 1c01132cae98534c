import { describeStateStore } from "@acteon/state/conformance";
import type { StateSpace } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const server = serverOrSkip("redis", () => RedisServer.start());
let spaces = 0;

describeStateStore({
  name: "redis",
  backend: "redis",
  open: async (): Promise<StateSpace> => {
    const { url, process } = server();
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url, prefix }),
      async restart() {
        await process.kill();
        await process.start();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});
