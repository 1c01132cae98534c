export { etcdBackend } from "./etcd-backend.ts";
export { EtcdStateStore } from "./etcd-state-store.ts";
export { openEtcdState } from "./open-etcd-state.ts";
export type { EtcdStateOptions } from "./open-etcd-state.ts";
