import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@acteon/core";
import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { silentLogger } from "../log/logger.ts";
import { forgottenAtExit, openState } from "./state-backends.ts";
import { TimeLimit } from "./time-limit.ts";

async function opened(text: string, tellsWarnings = true) {
  const { config } = readConfig({ file: "", text, environment: {} });
  using limit = new TimeLimit(systemClock, 5_000);
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (event: string) => void warnings.push(event) };
  await using closing = new AsyncDisposableStack();
  const state = await openState(config, { clock: systemClock, logger, limit, tellsWarnings });
  const { store } = state;
  closing.use(store);
  return {
    warnings,
    durability: store.durability,
    stores: state.metrics().map(({ role, backend }) => `${role}: ${backend}`),
  };
}

test("state that is forgotten at exit is warned of, by one process of several (guarantees §4)", async () => {
  const memory = '[state]\nbackend = "memory"';
  expect(await opened(memory)).toEqual({
    warnings: [forgottenAtExit],
    durability: "process",
    stores: ["state: memory"],
  });
  expect((await opened(memory, false)).warnings).toEqual([]);
});

test("state weaker than state.require is not opened, and left closed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "acteon-state-"));
  const text = `[state]\npath = "${folder}"\n`;
  await expect(opened(`${text}require = "strong"`)).rejects.toThrow(
    'state.require = "strong", and embedded state is of class host',
  );
  expect(await opened(`${text}require = "host"`)).toMatchObject({ warnings: [], durability: "host" });
  rmSync(folder, { recursive: true });
});

test("locks of their own are opened beside the state, whose class counts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "acteon-state-"));
  const text = `[state]\npath = "${folder}/state"\n[lock]\nbackend = "embedded"\npath = "${folder}/locks"`;
  expect(await opened(text)).toEqual({
    warnings: [],
    durability: "host",
    stores: ["state: embedded", "lock: embedded"],
  });
  rmSync(folder, { recursive: true });
});
