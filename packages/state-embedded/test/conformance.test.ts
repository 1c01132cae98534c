import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@acteon/core";
import type { StateStore } from "@acteon/state";
import { type StateSpace, describeStateStore } from "@acteon/state/conformance";
import { afterAll, beforeAll } from "vitest";
import { thisHost } from "../src/host.ts";
import { openEmbeddedState } from "../src/index.ts";
import { openStore } from "../src/open-embedded-state.ts";
import { StoreProcess } from "./process-client.ts";

const { signal } = new AbortController();

describeStateStore({
  name: "embedded",
  backend: "embedded",
  open: async () => spaceOf((path) => openEmbeddedState({ path, sync: false, clock: systemClock, signal })),
});

/** Clients in turn in this process and in two others; answers wait for the disk, and generations are tiny. */
describeStateStore({
  name: "embedded, shared by three processes",
  backend: "embedded",
  open: async () => {
    let clients = 0;
    return spaceOf((path) => {
      const settings = { path, sync: true, generationBytes: 4_096 };
      const other = others[clients++ % 3];
      return other?.open(settings) ?? openStore({ ...settings, clock: systemClock, signal, host: thisHost() });
    });
  },
});

let others: readonly StoreProcess[] = [];

beforeAll(() => {
  others = [new StoreProcess(), new StoreProcess()];
});

afterAll(async () => {
  for (const other of others) await other[Symbol.asyncDispose]();
});

function spaceOf(connect: (path: string) => Promise<StateStore>): StateSpace {
  const path = mkdtempSync(join(tmpdir(), "acteon-state-"));
  return {
    connect: () => connect(path),
    async restart() {}, // there is no server: what outlives the last client are the files
    async [Symbol.asyncDispose]() {
      rmSync(path, { recursive: true });
    },
  };
}
