import { ConfigurationError } from "@acteon/core";
import type { RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import type { EtcdStateStore } from "./etcd-state-store.ts";
import { inspect } from "./inspect.ts";
import { openEtcdState } from "./open-etcd-state.ts";

/** `state.backend = "etcd"`. */
export const etcdBackend: StateBackend = {
  name: "etcd",
  open: openStore,
  inspect: ({ url, prefix, tls, callTimeoutMs }, { clock }) => inspect({ url, prefix, tls, callTimeoutMs, clock }),

  /** There is no schema; what is looked at is whether a store could be opened. */
  async *migrate(settings, ports) {
    const store = await openStore(settings, { ...ports, warn: () => {} });
    await store[Symbol.asyncDispose]();
    yield* [];
  },
};

async function openStore(
  { url, prefix, tls, callTimeoutMs }: RemoteStateSettings,
  ports: StateBackendPorts,
): Promise<EtcdStateStore> {
  if (url === undefined) throw new ConfigurationError("state.url is missing: etcd://host:2379[,host:2379…]");
  const { clock, signal } = ports;
  return openEtcdState({ url, prefix, tls, callTimeoutMs, clock, signal, warn: (finding) => ports.warn(finding) });
}
