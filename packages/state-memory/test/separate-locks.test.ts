import { createFakeClock } from "@acteon/core/testing";
import { withSeparateLocks } from "@acteon/state";
import { describeStateStore } from "@acteon/state/conformance";
import { openMemoryState } from "../src/index.ts";
import { clientOf } from "./client-of.ts";

describeStateStore({
  name: "memory, its locks in another memory",
  backend: "memory",
  randomRuns: 100,
  knownGaps: {
    "what was acknowledged is there after a restart": "memory ends with its process",
    "versions do not return over a restart": "memory ends with its process",
    "L2: tokens strictly grow over a restart, and stale ones are refused after it": "memory ends with its process",
  },
  open() {
    const clock = createFakeClock();
    const opened = () => [openMemoryState({ clock }), openMemoryState({ clock })] as const;
    let stores = opened();
    const close = async () => {
      for (const store of stores) await store[Symbol.asyncDispose]();
    };
    return Promise.resolve({
      connect: () => Promise.resolve(withSeparateLocks(clientOf(stores[0]), clientOf(stores[1]))),
      async restart() {
        await close();
        stores = opened();
      },
      time: { clock, advance: (ms) => clock.advanceAsync(ms) },
      [Symbol.asyncDispose]: close,
    });
  },
});
