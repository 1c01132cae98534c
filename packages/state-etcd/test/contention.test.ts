import { systemClock, systemRandom } from "@acteon/core";
import { describeContention } from "@acteon/state/conformance";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { EtcdStateStore, createEtcdLock } from "../src/index.ts";
import { etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);

describeContention({
  name: "etcd",
  backend: "etcd",
  open: async () => etcdSpace(cluster()),
  locksOf(store, client) {
    if (!(client instanceof EtcdStateStore)) throw new TypeError("a client of another store");
    return createEtcdLock(client.tickets, store, { clock: systemClock, random: systemRandom });
  },
});
