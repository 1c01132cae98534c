export { openZooKeeperState } from "./open-zookeeper-state.ts";
export type { ZooKeeperStateOptions } from "./open-zookeeper-state.ts";
export { zookeeperBackend } from "./zookeeper-backend.ts";
export { createZooKeeperLock } from "./zookeeper-lock.ts";
export { ZooKeeperStateStore } from "./zookeeper-state-store.ts";
export type { LockTickets } from "./lock-ticket.ts";
