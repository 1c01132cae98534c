import { describeStateStore } from "@acteon/state/conformance";
import { RedisCluster, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const cluster = serverOrSkip("redis-cluster", () => RedisCluster.start());
let spaces = 0;

describeStateStore({
  name: "redis-cluster",
  backend: "redis-cluster",
  randomRuns: 5,
  open: async () => {
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url: cluster().url, prefix }),
      async restart() {
        for (const { process } of cluster().servers) {
          await process.kill();
          await process.start();
        }
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});
