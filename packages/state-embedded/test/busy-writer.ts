import type { StateGroup } from "@acteon/state";
import { lockName, opened, valueKey } from "./fixtures.ts";

/*
 * A process that writes until it is killed, in calls of a few groups, and says after each call how far it has come. Started
 * with the directory and the number of its first group.
 */

const groupsPerCall = 4;

const [path = "", first = "0"] = process.argv.slice(2);
const { signal } = new AbortController();
const store = await opened(path, { generationBytes: 1 << 15 });
for (let next = Number(first); ; next += groupsPerCall) {
  await store.apply(
    Array.from({ length: groupsPerCall }, (_, i) => groupOf(next + i)),
    { signal },
  );
  process.send?.(next + groupsPerCall - 1);
  await new Promise(setImmediate);
}

/** Writes of all kinds, which are there together or not at all; and a lock that is never released. */
function groupOf(number: number): StateGroup {
  return [
    { op: "set", key: valueKey(`a${number}`), value: `${number} ${"x".repeat(number % 200)}` },
    { op: "set", key: valueKey(`b${number}`), value: String(number) },
    { op: "increment", key: valueKey("count"), delta: 1 },
    { op: "append", key: valueKey("list"), value: String(number) },
    { op: "indexDue", index: "retry", key: valueKey(`a${number}`), dueAtMs: number },
    { op: "acquire", lock: lockName(`l${number}`), owner: String(number), leaseMs: 600_000, fenced: number % 3 === 0 },
  ];
}
