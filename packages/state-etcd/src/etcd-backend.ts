import type { RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import { ConfigurationError } from "@acteon/core";
import { inspect } from "./inspect.ts";
import { openEtcdState } from "./open-etcd-state.ts";

/** `state.backend = "etcd"`. */
export const etcdBackend: StateBackend = {
  name: "etcd",

  async open(settings: RemoteStateSettings, { clock, signal, warn }: StateBackendPorts) {
    const { url, prefix, tls, callTimeoutMs } = settings;
    if (url === undefined) throw new ConfigurationError("state.url is missing: etcd://host:2379[,host:2379…]");
    return openEtcdState({ url, prefix, tls, callTimeoutMs, clock, signal, warn });
  },

  inspect({ url, prefix, tls, callTimeoutMs }: RemoteStateSettings, { clock }: StateBackendPorts) {
    return inspect({ url, prefix, tls, callTimeoutMs, clock });
  },

  /** There is no schema; what is looked at is whether a store could be opened. */
  async *migrate(settings: RemoteStateSettings, ports: StateBackendPorts) {
    const store = await this.open(settings, { ...ports, warn: () => {} });
    await store[Symbol.asyncDispose]();
    yield* [];
  },
};
