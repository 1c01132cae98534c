import type { StateStore } from "@acteon/state";
import type { MemoryStateStore } from "../src/index.ts";

/** Gateways of one process share the store; a client that leaves does not close it. */
export function clientOf(store: MemoryStateStore): StateStore {
  return {
    durability: store.durability,
    capabilities: store.capabilities,
    apply: (groups, options) => store.apply(groups, options),
    scan: (range, options) => store.scan(range, options),
    watch: (range, options) => store.watch(range, options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
