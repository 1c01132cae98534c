import { createFakeClock } from "@acteon/core/testing";
import { describeStateStore } from "@acteon/state/conformance";
import type { StateStore } from "@acteon/state";
import { openMemoryState } from "../src/index.ts";
import type { MemoryStateStore } from "../src/index.ts";

describeStateStore({
  name: "memory",
  backend: "memory",
  randomRuns: 200,
  knownGaps: {
    "what was acknowledged is there after a restart": "memory ends with its process",
    "versions do not return over a restart": "memory ends with its process",
    "L2: tokens strictly grow over a restart, and stale ones are refused after it": "memory ends with its process",
  },
  open() {
    const clock = createFakeClock();
    let store = openMemoryState({ clock });
    const close = () => store[Symbol.asyncDispose]();
    return Promise.resolve({
      connect: () => Promise.resolve(clientOf(store)),
      async restart() {
        await close();
        store = openMemoryState({ clock });
      },
      time: { clock, advance: (ms) => clock.advanceAsync(ms) },
      [Symbol.asyncDispose]: close,
    });
  },
});

/** Gateways of one process share the store; a client that leaves does not close it. */
function clientOf(store: MemoryStateStore): StateStore {
  return {
    durability: store.durability,
    capabilities: store.capabilities,
    apply: (groups, options) => store.apply(groups, options),
    scan: (range, options) => store.scan(range, options),
    watch: (range, options) => store.watch(range, options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
