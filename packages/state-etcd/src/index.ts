export { etcdBackend } from "./etcd-backend.ts";
export { createEtcdLock } from "./etcd-lock.ts";
export { EtcdStateStore } from "./etcd-state-store.ts";
export type { LockTickets } from "./lock-ticket.ts";
export { openEtcdState } from "./open-etcd-state.ts";
export type { EtcdStateOptions } from "./open-etcd-state.ts";
