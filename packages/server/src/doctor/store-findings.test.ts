import { StateUnavailableError, systemClock } from "@acteon/core";
import type { BackendFinding, StateBackend } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import type { RemoteStoreConfig } from "../config/config.ts";
import { readConfig } from "../config/read-config.ts";
import { remoteFindings } from "./store-findings.ts";

const text = '[state]\nbackend = "redis"\nurl = "redis://:hunter2@cache.example"';
const config = readConfig({ file: "", text, environment: {} }).config.state as RemoteStoreConfig;
const connected: BackendFinding = { level: "ok", subject: "connection", found: "answers" };
const away: BackendFinding = { level: "failure", subject: "connection", found: "refused", help: "start it" };
const everysec: BackendFinding = { level: "warning", subject: "durability", found: "everysec", help: "set always" };
const ports = { clock: systemClock, signal: new AbortController().signal };

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

async function examined(of: StateBackend, signal = ports.signal) {
  const findings = remoteFindings(of, config, { ...ports, signal });
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
    const open = () => Promise.reject(new StateUnavailableError("no schema: run acteon migrate"));
    expect(await examined(backend([connected], open))).toEqual({
      found: [
        address,
        connected,
        {
          level: "failure",
          subject: "open",
          found: "no schema: run acteon migrate",
          help: "a gateway would not start: the message says why",
        },
      ],
      durability: undefined,
    });
  });

  test("that does not open in time is one, too", async () => {
    const signal = AbortSignal.abort();
    const { found } = await examined(
      backend([], () => Promise.reject(signal.reason as Error)),
      signal,
    );
    expect(found.at(-1)).toMatchObject({ level: "failure", found: "no answer in time" });
  });
});
