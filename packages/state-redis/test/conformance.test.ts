import { describeStateStore } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { redisSpace } from "./redis-space.ts";

const server = serverOrSkip("redis", () => RedisServer.start());

describeStateStore({ name: "redis", backend: "redis", open: async () => redisSpace(server()) });
