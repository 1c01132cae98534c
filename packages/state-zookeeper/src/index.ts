export { openZooKeeperState } from "./open-zookeeper-state.ts";
export type { ZooKeeperStateOptions } from "./open-zookeeper-state.ts";
export { ZooKeeperStateStore } from "./zookeeper-state-store.ts";
