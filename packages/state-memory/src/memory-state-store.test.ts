import { systemClock } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import { expect, test } from "vitest";
import { openMemoryState } from "./memory-state-store.ts";

const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);
const key = stateKey(scope, "state", "a");
const other = stateKey(scope, "state", "b");

test("a refused group leaves what was there", async () => {
  await using store = openMemoryState({ clock: systemClock });
  store.apply([[{ op: "set", key: other, value: "there" }]], { signal });
  const [refused, ...reads] = store.apply(
    [
      [
        { op: "set", key, value: "new" },
        { op: "checkAndSet", key: other, value: "new" },
      ],
      [{ op: "get", key }],
    ],
    { signal },
  );
  expect(refused).toMatchObject({ kind: "refused", at: 1, found: { kind: "found", value: "there" } });
  expect(reads).toEqual([{ kind: "done", results: [{ kind: "absent" }] }]);
});
