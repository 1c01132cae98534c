import { systemClock, systemRandom } from "@acteon/core";
import { describeContention } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { ZooKeeperStateStore, createZooKeeperLock } from "../src/index.ts";
import { zookeeperSpace } from "./zookeeper-space.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

describeContention({
  name: "zookeeper",
  backend: "zookeeper",
  open: async () => zookeeperSpace(ensemble()),
  locksOf(store, client) {
    if (!(client instanceof ZooKeeperStateStore)) throw new TypeError("a client of another store");
    return createZooKeeperLock(client.tickets, store, { clock: systemClock, random: systemRandom });
  },
});
