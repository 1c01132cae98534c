import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { openZooKeeperState } from "../src/index.ts";

const zookeeper = serverOrSkip("ZooKeeper", () => startZooKeeper());
let spaces = 0;

describeStateStore({
  name: "zookeeper",
  backend: "zookeeper",
  open: async () => {
    const chroot = `/space-${spaces++}`;
    return {
      connect: () => openZooKeeperState({ url: `zookeeper://${zookeeper().hosts}${chroot}` }),
      async restart() {
        const [member] = zookeeper().members;
        await member?.kill();
        await member?.start();
      },
      async [Symbol.asyncDispose]() {}, // it goes with the server
    };
  },
  knownGaps: {
    "a value of 1.5 MiB comes back as it went in": "a request to ZooKeeper has 1 MiB at most (jute.maxbuffer)",
  },
});
