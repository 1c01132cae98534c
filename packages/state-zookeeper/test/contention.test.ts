import { systemClock, systemRandom } from "@acteon/core";
import { describeContention } from "@acteon/state/conformance";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { createZooKeeperLock } from "../src/index.ts";
import type { ZooKeeperStateStore } from "../src/index.ts";
import { zookeeperSpace } from "./zookeeper-space.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

/** The clients of the space under way; the suite asks for their locks in the order in which it connected them. */
const clients: ZooKeeperStateStore[] = [];

describeContention({
  name: "zookeeper",
  backend: "zookeeper",
  async open() {
    const space = zookeeperSpace(ensemble());
    clients.length = 0;
    return {
      ...space,
      async connect() {
        const store = await space.connect();
        clients.push(store);
        return store;
      },
      [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
    };
  },
  locksOf(store) {
    const client = clients.shift();
    if (client === undefined) throw new TypeError("more locks than clients");
    return createZooKeeperLock(client.tickets, store, { clock: systemClock, random: systemRandom });
  },
});
