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
  const { clock, signal } = ports;
  // An address that is missing is none.
  const options = { url: url ?? "", prefix, tls, callTimeoutMs, clock, signal };
  return openEtcdState({ ...options, warn: (finding) => ports.warn(finding) });
}
