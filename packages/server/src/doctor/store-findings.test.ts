import type { Clock } from "@acteon/core";
import { StateUnavailableError, systemClock } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import type { BackendFinding, StateBackend } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import type { RemoteStoreConfig } from "../config/config.ts";
import { readConfig } from "../config/read-config.ts";
import { TimeLimit } from "../wiring/time-limit.ts";
import { remoteFindings } from "./store-findings.ts";

const text = '[state]\nbackend = "redis"\nurl = "redis://:hunter2@cache.example"';
const config = readConfig({ file: "", text, environment: {} }).config.state as RemoteStoreConfig;
const connected: BackendFinding = { level: "ok", subject: "connection", found: "answers" };
const away: BackendFinding = { level: "failure", subject: "connection", found: "refused", help: "start it" };
const everysec: BackendFinding = { level: "warning", subject: "durability", found: "everysec", help: "set always" };

function backend(found: readonly BackendFinding[], open: StateBackend["open"]): StateBackend {
  return {
    name: "redis",
    open,
    async *inspect() {
      yield* found;
    },
    async *migrate() {},
  };
}

async function examined(of: StateBackend, clock: Clock = systemClock) {
  using limit = new TimeLimit(clock, 10_000);
  const findings = remoteFindings(of, config, { clock, limit });
  const found: BackendFinding[] = [];
  let next = await findings.next();
  for (; next.done !== true; next = await findings.next()) found.push(next.value);
  return { found, durability: next.value };
}

const address: BackendFinding = { level: "ok", subject: "address", found: "redis://***@cache.example" };
const memory = () => Promise.resolve(openMemoryState({ clock: systemClock }));

describe("a store on another machine", () => {
  test("is inspected and then opened, as a gateway would, which tells its class", async () => {
    expect(await examined(backend([connected], memory))).toEqual({
      found: [address, connected],
      durability: "process",
    });
  });

  test("that does not answer is not opened, and its class is not known", async () => {
    const never = () => Promise.reject(new TypeError("opened"));
    expect(await examined(backend([away], never))).toEqual({ found: [address, away], durability: undefined });
  });

  test("tells what it warns of when it is opened, unless the inspection has told it", async () => {
    const open: StateBackend["open"] = (_settings, given) => {
      given.warn(everysec);
      return memory();
    };
    expect((await examined(backend([connected], open))).found).toEqual([address, connected, everysec]);
    expect((await examined(backend([everysec], open))).found).toEqual([address, everysec]);
  });

  test("that looks well and does not open is a failure", async () => {
    const open = () => Promise.reject(new StateUnavailableError("no schema", { help: "run acteon migrate" }));
    expect(await examined(backend([connected], open))).toEqual({
      found: [
        address,
        connected,
        {
          level: "failure",
          subject: "open",
          found: "no schema",
          help: "run acteon migrate",
        },
      ],
      durability: undefined,
    });
  });

  test("that says nothing, or does not open, is not waited for longer than a start would", async () => {
    const never = new Promise<never>(() => undefined);
    for (const of of [backend([], () => never), { ...backend([], memory), inspect: () => endless(never) }]) {
      const clock = createFakeClock(0);
      const examining = examined(of, clock);
      for (const ms of [0, 10_000, 500]) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.advance(ms);
      }
      expect((await examining).found.at(-1)).toMatchObject({ level: "failure", found: "no answer in time" });
    }
  });
});

async function* endless(never: Promise<never>): AsyncGenerator<BackendFinding> {
  yield await never;
}
