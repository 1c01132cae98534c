import { systemClock, systemRandom } from "@acteon/core";
import type { StateSpace } from "@acteon/state/conformance";
import { describeContention } from "@acteon/state/conformance";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import type { EtcdStateStore } from "../src/index.ts";
import { createEtcdLock } from "../src/index.ts";
import { etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);

/** The clients of the space under way; the suite asks for their locks in the order in which it connected them. */
const clients: EtcdStateStore[] = [];

describeContention({
  name: "etcd",
  backend: "etcd",
  async open(): Promise<StateSpace> {
    const space = etcdSpace(cluster());
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
    return createEtcdLock(client.tickets, store, { clock: systemClock, random: systemRandom });
  },
});
