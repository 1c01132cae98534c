import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);

describeStateStore({
  name: "etcd",
  backend: "etcd",
  minLeaseMs: 2_000,
  open: async () => etcdSpace(cluster()),
});
