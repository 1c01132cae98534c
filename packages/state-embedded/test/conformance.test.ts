import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@acteon/core";
import { type StateSpace, describeStateStore } from "@acteon/state/conformance";
import { openEmbeddedState } from "../src/index.ts";

const { signal } = new AbortController();

for (const sync of [false, true])
  describeStateStore({ name: `embedded${sync ? ", sync" : ""}`, backend: "embedded", open: () => openSpace(sync) });

async function openSpace(sync: boolean): Promise<StateSpace> {
  const path = mkdtempSync(join(tmpdir(), "acteon-state-"));
  return {
    connect: () => openEmbeddedState({ path, sync, clock: systemClock, signal }),
    async restart() {},
    async [Symbol.asyncDispose]() {
      rmSync(path, { recursive: true });
    },
  };
}
