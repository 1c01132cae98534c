import { ConfigurationError } from "@acteon/core";
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
      const found = error instanceof Error ? error.message : String(error);
      yield {
        level: "failure",
        subject: "connection",
        found,
        help: "correct [state] in acteon.toml, or start the servers",
      };
    }
  },

  /** Opening makes what is missing, from however many nodes at once; there is no schema besides. */
  async *migrate(settings, ports) {
    const store = await openZooKeeperState(optionsOf(settings, ports));
    await store[Symbol.asyncDispose]();
    yield* [];
  },
};

function optionsOf(
  { url, prefix, tls, callTimeoutMs }: RemoteStateSettings,
  { clock }: Pick<StateBackendPorts, "clock">,
): ZooKeeperStateOptions {
  if (url === undefined)
    throw new ConfigurationError("state.url is missing: zookeeper://host:2181[,host:2181…][/chroot]");
  return { url, prefix, callTimeoutMs, clock, tls: tlsOptionsOf(tls) };
}
