import { systemClock } from "@acteon/core";
import type { StateStore } from "@acteon/state";
import { thisHost } from "../src/host.ts";
import { openStore } from "../src/open-embedded-state.ts";
import type { StoreReply, StoreRequest } from "./process-client.ts";

/*
 * A process of its own that opens stores for a test, and does with them what it is told over IPC: another gateway of the
 * same machine.
 */

const { signal } = new AbortController();
const stores = new Map<number, StateStore>();

process.on("message", ({ id, request }: { id: number; request: StoreRequest }) => {
  void answer(request).then((reply) => process.send?.({ id, reply }));
});
process.on("disconnect", () => process.exit());

async function answer(request: StoreRequest): Promise<StoreReply> {
  try {
    return { kind: "done", value: await done(request) };
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    return { kind: "threw", name, message, code };
  }
}

async function done(request: StoreRequest): Promise<unknown> {
  if (request.kind === "open") {
    const { path, sync, generationBytes } = request;
    stores.set(
      request.store,
      await openStore({ path, sync, generationBytes, clock: systemClock, signal, host: thisHost() }),
    );
    return undefined;
  }
  const store = stores.get(request.store);
  if (store === undefined) throw new TypeError("no such store is open");
  switch (request.kind) {
    case "apply":
      return store.apply(request.groups, { signal });
    case "scan": {
      const entries = [];
      for await (const entry of store.scan(request.range, { signal })) entries.push(entry);
      return entries;
    }
    case "close":
      stores.delete(request.store);
      await store[Symbol.asyncDispose]();
      return undefined;
  }
}
