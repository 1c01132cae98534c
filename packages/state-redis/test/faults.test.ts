import { describeServerFaults } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { faultSpace } from "./redis-space.ts";

const server = serverOrSkip("redis", () => RedisServer.start());

describeServerFaults({
  name: "redis",
  backend: "redis",
  callTimeoutMs: 1_000,
  open: () => faultSpace(server()),
});
