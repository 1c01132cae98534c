import { StateUnavailableError, systemClock } from "@acteon/core";
import { assembleGateway } from "@acteon/gateway";
import { stateKey, stateScope } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { expect, test } from "vitest";
import { action, dedupByKey, input, RecordingProvider, success } from "./test-gateway.ts";

const signal = new AbortController().signal;

function setUp() {
  const state = openMemoryState({ clock: systemClock });
  const locks = openMemoryState({ clock: systemClock });
  const provider = new RecordingProvider();
  const gateway = assembleGateway({
    state,
    locks,
    providers: [provider],
    rules: { current: () => dedupByKey, reload: () => Promise.resolve({ rules: 1 }) },
    settings: { waitMs: 300 },
  });
  return { state, locks, provider, gateway };
}

test("the lock of an action is held in the store of locks, and what it writes is in the other", async () => {
  const { state, locks, provider, gateway } = setUp();
  await using _ = gateway;
  let heldWhere: readonly string[] = [];
  provider.answer = async ({ namespace, tenant, id }) => {
    const lock = stateKey(stateScope(namespace, tenant), "lock", id, undefined);
    const group = [{ op: "acquire", lock, owner: "me", leaseMs: 1_000 }] as const;
    const tries = { state: state.apply([group], { signal }), locks: locks.apply([group], { signal }) };
    heldWhere = Object.entries(tries).flatMap(([name, [result]]) => (result?.kind === "refused" ? [name] : []));
    return success;
  };
  expect((await gateway.dispatch(input({ dedupKey: "k" }))).kind).toBe("executed");
  expect(heldWhere).toEqual(["locks"]);
  expect((await gateway.dispatch(input({ dedupKey: "k" }))).kind).toBe("deduplicated");
  const dedup = await Array.fromAsync(state.scan({ kind: "dedup" }, { signal }));
  expect(dedup).toHaveLength(1);
});

test("an identity whose lock another holds there waits, and is not executed", async () => {
  const { locks, provider, gateway } = setUp();
  await using _ = gateway;
  const { namespace, tenant, id } = action();
  const lock = stateKey(stateScope(namespace, tenant), "lock", id, undefined);
  locks.apply([[{ op: "acquire", lock, owner: "another", leaseMs: 60_000 }]], { signal });
  await expect(gateway.dispatch(input({ id }))).rejects.toMatchObject({ code: "lock_timeout" });
  expect(provider.calls).toEqual([]);
});

test("L9: while the store of locks is away nothing is executed", async () => {
  const { locks, provider, gateway } = setUp();
  await using _ = gateway;
  await locks[Symbol.asyncDispose]();
  await expect(gateway.dispatch(input())).rejects.toBeInstanceOf(StateUnavailableError);
  expect(provider.calls).toEqual([]);
});
