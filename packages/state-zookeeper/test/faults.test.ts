import { describeServerFaults } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { faultSpace } from "./zookeeper-space.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);
const callTimeoutMs = 1_000;

describeServerFaults({
  name: "zookeeper",
  backend: "zookeeper",
  callTimeoutMs,
  open: () => faultSpace(ensemble(), callTimeoutMs),
});
