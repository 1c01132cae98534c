import { describeServerFaults, describeStateStore } from "@acteon/state/conformance";
import { RedisServer, serverOrSkip, valkeyProgram } from "@acteon/test-servers";
import { test } from "vitest";
import { faultSpace, redisSpace } from "./redis-space.ts";

const program = valkeyProgram();

if (program === undefined) test.skip("Valkey keeps what Redis does: there is none on this machine");
else {
  const server = serverOrSkip("Valkey", () => RedisServer.start({ program }));

  describeStateStore({
    name: "valkey",
    backend: "redis",
    server: async () => `Valkey ${/^valkey_version:(\S+)/m.exec(await server().command("INFO", "server"))?.[1]}`,
    open: async () => redisSpace(server()),
  });

  describeServerFaults({ name: "valkey", backend: "redis", callTimeoutMs: 1_000, open: () => faultSpace(server()) });
}
