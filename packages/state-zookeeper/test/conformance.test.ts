import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { zookeeperSpace } from "./zookeeper-space.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

describeStateStore({
  name: "zookeeper",
  backend: "zookeeper",
  open: async () => zookeeperSpace(ensemble()),
  knownGaps: {
    "a value of 1.5 MiB comes back as it went in": "a request to ZooKeeper has 1 MiB at most (jute.maxbuffer)",
  },
});
