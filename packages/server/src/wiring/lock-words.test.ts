import { ConfigurationError, InternalError, StateUnavailableError } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import type { BackendFinding, RemoteStateSettings, StateBackend, StateBackendPorts } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { expect, test } from "vitest";
import { withLockWords } from "./lock-words.ts";

const weak: BackendFinding = {
  level: "warning",
  subject: "durability",
  found: "state.unlogged is set",
  help: "mend [state]",
};
const settings = {} as RemoteStateSettings;
const clock = createFakeClock(0);

function ports(warned: BackendFinding[] = []): StateBackendPorts {
  return { clock, signal: new AbortController().signal, warn: (finding) => void warned.push(finding) };
}

/** One that finds what is weak, whatever is asked of it, and then fails if `error` is given. */
function backend(error?: Error): StateBackend {
  return {
    name: "redis",
    async open(_settings, given) {
      given.warn(weak);
      if (error !== undefined) throw error;
      return openMemoryState({ clock });
    },
    async *inspect() {
      yield weak;
    },
    async *migrate() {
      yield "made the schema";
      if (error !== undefined) throw error;
    },
  };
}

test("what a backend finds is told of [lock]", async () => {
  const warned: BackendFinding[] = [];
  await using _store = await withLockWords(backend()).open(settings, ports(warned));
  for await (const finding of withLockWords(backend()).inspect(settings, ports())) warned.push(finding);
  const ofLock = { ...weak, found: "lock.unlogged is set", help: "mend [lock]" };
  expect(warned).toEqual([ofLock, ofLock]);
});

test.each([
  ["correct the user in state.url", "correct the user in lock.url"],
  ["raise state.pool.max_connections", "raise lock.pool.max_connections"],
  ["table acteon_state is there; it is in a good state.", "table acteon_state is there; it is in a good state."],
])("what it throws, too: %s", async (help, expected) => {
  for (const Thrown of [ConfigurationError, StateUnavailableError]) {
    const error = new Thrown("state.url is wrong", { help });
    const ofLock = { name: error.name, found: "lock.url is wrong", help: expected, cause: error };
    await expect(withLockWords(backend(error)).open(settings, ports())).rejects.toMatchObject(ofLock);
    const steps: string[] = [];
    const migrating = async (): Promise<void> => {
      for await (const step of withLockWords(backend(error)).migrate(settings, ports())) steps.push(step);
    };
    await expect(migrating()).rejects.toMatchObject(ofLock);
    expect(steps).toEqual(["made the schema"]);
  }
});

test("an error that speaks of no setting is left as it is", async () => {
  const error = new InternalError("cannot be");
  await expect(withLockWords(backend(error)).open(settings, ports())).rejects.toBe(error);
});
