import { describeStateStore } from "@acteon/state/conformance";
import { RedisSentinels, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const sentinels = serverOrSkip("redis-sentinel", () => RedisSentinels.start());
let spaces = 0;

describeStateStore({
  name: "redis-sentinel",
  backend: "redis-sentinel",
  randomRuns: 5,
  open: async () => {
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url: sentinels().url, prefix }),
      async restart() {
        const { process } = await sentinels().master();
        await process.kill();
        await process.start();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});
