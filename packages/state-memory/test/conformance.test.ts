import { createFakeClock } from "@acteon/core/testing";
import { describeStateStore } from "@acteon/state/conformance";
import { openMemoryState } from "../src/index.ts";
import { clientOf } from "./client-of.ts";

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
