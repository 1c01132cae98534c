import { describeServerFaults } from "@acteon/state/conformance";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { faultSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);

describeServerFaults({
  name: "etcd",
  backend: "etcd",
  callTimeoutMs: 1_000,
  minLeaseMs: 2_000,
  open: () => faultSpace(cluster()),
});
