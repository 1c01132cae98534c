import { ConfigurationError, Secret, StateUnavailableError, systemClock } from "@acteon/core";
import type { FakeClock } from "@acteon/core/testing";
import { createFakeClock } from "@acteon/core/testing";
import type { BackendFinding, StateBackend, StateBackendPorts, StateStore } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import type { RemoteStoreConfig } from "../config/config.ts";
import { readConfig } from "../config/read-config.ts";
import type { LogFields } from "../log/logger.ts";
import { silentLogger } from "../log/logger.ts";
import { openRemoteStore } from "./open-remote-store.ts";
import { TimeLimit } from "./time-limit.ts";

const { state } = readConfig({
  file: "",
  text: '[state]\nbackend = "redis"\nurl = "redis://x"',
  environment: {},
}).config;
const config: RemoteStoreConfig = {
  ...(state as RemoteStoreConfig),
  url: new Secret("redis://:hunter2@cache.example:6379"),
};

/** A backend whose `open` is the test's, on a clock that it moves. */
function arrange(open: StateBackend["open"], { tellsWarnings = true, limitMs = 60_000 } = {}) {
  const clock = createFakeClock(0);
  const warnings: (readonly [string, LogFields | undefined])[] = [];
  const limit = new TimeLimit(clock, limitMs);
  const ports = {
    clock,
    logger: { ...silentLogger, warn: (event: string, fields?: LogFields) => void warnings.push([event, fields]) },
    limit,
    tellsWarnings,
  };
  const backend = { name: "redis", open } as StateBackend;
  return { clock, warnings, opening: openRemoteStore(backend, config, ports) };
}

/** Lets what is due happen, in steps that let promises go on. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await settled();
  for (let gone = 0; gone < ms; gone += 250) {
    clock.advance(250);
    await settled();
  }
}

test("a store that does not answer yet is asked again, and the log says so now and then, without secrets (S6)", async () => {
  let attempts = 0;
  const { clock, warnings, opening } = arrange(() =>
    ++attempts < 40
      ? Promise.reject(new StateUnavailableError("cache.example:6379 refuses connections"))
      : Promise.resolve(openMemoryState({ clock: systemClock })),
  );
  await pass(clock, 10_000);
  await using store = await opening;
  expect(store.durability).toBe("process");
  expect(attempts).toBe(40);
  expect(warnings).toEqual(
    [0, 5_000].map((waitedMs) => [
      "store not reached yet; asked again",
      {
        backend: "redis",
        address: "redis://***@cache.example:6379",
        reason: "cache.example:6379 refuses connections",
        waitedMs,
      },
    ]),
  );
});

test("row 66: past the wait it is an error with the store, its address and its last words", async () => {
  const refuses = () => Promise.reject(new StateUnavailableError("wrong password", { help: "correct it" }));
  const { clock, opening } = arrange(refuses, { limitMs: 1_000 });
  const failed = expect(opening).rejects.toMatchObject({
    code: "state_unavailable",
    found: "no redis at redis://***@cache.example:6379 after 1000 ms: wrong password",
    help: "correct it",
  });
  await pass(clock, 1_000);
  await failed;
});

test("an attempt that is given up tells what the one before said", async () => {
  let attempts = 0;
  const giving = (signal: AbortSignal) =>
    new Promise<StateStore>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  const { clock, opening } = arrange(
    (_settings, { signal }) =>
      ++attempts === 1 ? Promise.reject(new StateUnavailableError("loading")) : giving(signal),
    { limitMs: 1_000 },
  );
  const failed = expect(opening).rejects.toThrow(/after 1000 ms: loading$/);
  await pass(clock, 1_000);
  await failed;
});

test("row 66: an attempt that does not give up is not waited for", async () => {
  const { clock, opening } = arrange(() => new Promise<never>(() => undefined), { limitMs: 1_000 });
  const failed = expect(opening).rejects.toThrow(/after 1500 ms: see that it runs .*, or raise server\.startup_ms$/);
  await pass(clock, 1_500);
  await failed;
});

test("row 65: a setting that is wrong is not tried twice", async () => {
  const wrong = new ConfigurationError("state.url must be redis://…");
  await expect(arrange(() => Promise.reject(wrong)).opening).rejects.toBe(wrong);
});

describe("a weakness", () => {
  const everysec: BackendFinding = { level: "warning", subject: "durability", found: "everysec", help: "set always" };
  const logged = ({ subject, found, help }: BackendFinding) => ["store", { backend: "redis", subject, found, help }];

  test("is told once with what to do, however often the opening is tried, and again when it changes", async () => {
    let attempts = 0;
    let tell: StateBackendPorts["warn"] = () => undefined;
    const { clock, warnings, opening } = arrange((_settings, ports) => {
      tell = (finding) => ports.warn(finding);
      tell(everysec);
      return ++attempts < 3 ? Promise.reject(new StateUnavailableError("loading")) : memory();
    });
    await pass(clock, 1_000);
    await using _store = await opening;
    expect(warnings.filter(([event]) => event === "store")).toEqual([logged(everysec)]);
    for (const found of ["no", "everysec"]) tell({ ...everysec, found });
    expect(warnings.slice(-2)).toEqual([logged({ ...everysec, found: "no" }), logged(everysec)]);
  });

  test("is told by one process of several", async () => {
    const { warnings, opening } = arrange(
      (_settings, ports) => {
        ports.warn(everysec);
        return memory();
      },
      { tellsWarnings: false },
    );
    await using _store = await opening;
    expect(warnings).toEqual([]);
  });
});

function memory(): Promise<StateStore> {
  return Promise.resolve(openMemoryState({ clock: systemClock }));
}
