import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@acteon/core";
import { openEmbeddedState } from "@acteon/state-embedded";
import { serverOrSkip } from "@acteon/test-servers";
import { afterAll, describe } from "vitest";
import { openRemote } from "./remote-backend.ts";
import { remoteBackends } from "./remote-backends.ts";
import { describeThreeGateways } from "./three-gateways.ts";

describe("three gateways on one directory of embedded state", () => {
  const path = mkdtempSync(join(tmpdir(), "acteon-three-"));
  afterAll(() => rmSync(path, { recursive: true }));
  const { signal } = new AbortController();
  describeThreeGateways(() => openEmbeddedState({ path, sync: false, clock: systemClock, signal }));
});

for (const remote of remoteBackends)
  describe(`three gateways on one ${remote.name}`, () => {
    const server = serverOrSkip(remote.name, () => remote.start());
    describeThreeGateways(() => openRemote(remote, server()));
  });
