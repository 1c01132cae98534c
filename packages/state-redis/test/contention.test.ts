import { describeContention } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { redisSpace } from "./redis-space.ts";

const server = serverOrSkip("redis", () => RedisServer.start());

describeContention({ name: "redis", backend: "redis", open: async () => redisSpace(server()) });
