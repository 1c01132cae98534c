import { randomUUID } from "node:crypto";
import { type StateSpace, describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { openEtcdState } from "../src/index.ts";

const cluster = serverOrSkip("etcd", startEtcd);

describeStateStore({
  name: "etcd",
  backend: "etcd",
  minLeaseMs: 2_000,
  open: async (): Promise<StateSpace> => {
    const { endpoints, members } = cluster();
    const prefix = randomUUID();
    return {
      connect: () => openEtcdState({ url: `etcd://${endpoints.join(",")}`, prefix, callTimeoutMs: 10_000 }),
      async restart() {
        for (const member of members) {
          await member.kill();
          await member.start();
        }
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});
