import { describeServerFaults } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { faultSpace } from "./zookeeper-space.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

describeServerFaults({
  name: "zookeeper",
  backend: "zookeeper",
  callTimeoutMs: 1_000,
  open: () => faultSpace(ensemble()),
});
