import { systemClock, systemRandom } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { StateGroup } from "@acteon/state";
import { createZooKeeperLock, openZooKeeperState } from "../src/index.ts";

/** Takes a lock and says so; told to write, writes under its token without asking whether it still has it. */
const [url = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);
const store = await openZooKeeperState({ url, sessionTimeoutMs: 1_000, callTimeoutMs: 10_000 });
const locks = createZooKeeperLock(store.tickets, store, { clock: systemClock, random: systemRandom });
const guard = await locks.acquire(stateKey(scope, "named_lock", "l"), { leaseMs: 600, waitMs: 5_000, signal });
process.on("message", (writes: number) => {
  const groups = Array.from({ length: writes }, (_, i): StateGroup => [
    { op: "set", key: stateKey(scope, "state", `k${i}`), value: "late", fence: guard.fence },
  ]);
  void store
    .apply(groups, { signal })
    .then((results) => process.send?.({ results: results.map(({ kind }) => kind), held: guard.isHeld() }));
});
process.send?.("held");
