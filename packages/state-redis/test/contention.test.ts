import { describeContention } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { openRedisState } from "../src/index.ts";

const server = serverOrSkip("redis", () => RedisServer.start());
let spaces = 0;

describeContention({
  name: "redis",
  backend: "redis",
  open: async () => {
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url: server().url, prefix }),
      restart: () => Promise.reject(new Error("contenders need a server that stays")),
      async [Symbol.asyncDispose]() {},
    };
  },
});
