import { failureFinding } from "@acteon/state";
import type { RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import { inspect } from "./inspect.ts";
import { openZooKeeperState, tlsOptionsOf } from "./open-zookeeper-state.ts";
import type { ZooKeeperStateOptions } from "./open-zookeeper-state.ts";

/** `state.backend = "zookeeper"`. */
export const zookeeperBackend: StateBackend = {
  name: "zookeeper",
  open: async (settings, ports) =>
    openZooKeeperState({ ...optionsOf(settings, ports), signal: ports.signal, warn: (finding) => ports.warn(finding) }),

  async *inspect(settings, ports) {
    try {
      yield* inspect(optionsOf(settings, ports));
    } catch (error) {
      yield failureFinding("connection", error);
    }
  },

  /** Opening makes the folders that are missing, from however many nodes at once: that is nothing to run beforehand. */
  async *migrate(settings, ports) {
    const store = await openZooKeeperState({ ...optionsOf(settings, ports), signal: ports.signal });
    await store[Symbol.asyncDispose]();
    yield* [];
  },
};

function optionsOf(
  { url, prefix, tls, callTimeoutMs }: RemoteStateSettings,
  { clock }: Pick<StateBackendPorts, "clock">,
): ZooKeeperStateOptions {
  // An address that is missing is none.
  return { url: url ?? "", prefix, callTimeoutMs, clock, tls: tlsOptionsOf(tls) };
}
