/*
 * A process of its own that takes a lock and writes under it: `node lock-holder.ts <url> <prefix> <leaseMs>`. Prints its token; then
 * for each line on standard input writes twenty records with that token, and prints how many were refused as stale.
 */
import { createInterface } from "node:readline";
import { stateKey, stateScope } from "@acteon/state";
import type { Namespace, TenantId } from "@acteon/core";
import { openEtcdState } from "../src/index.ts";

const [url = "", prefix = "", leaseMs = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, "acme" as TenantId);
const lock = stateKey(scope, "named_lock", "paused");

await using store = await openEtcdState({ url, prefix });
const acquire = { op: "acquire", lock, owner: "holder", leaseMs: Number(leaseMs), fenced: true } as const;
const [acquired] = await store.apply([[acquire]], { signal });
const [answer] = acquired?.kind === "done" ? acquired.results : [];
if (answer?.kind !== "acquired") throw new Error("the lock was not free");
const fence = { lock, token: answer.token };
process.stdout.write(`${answer.token}\n`);

for await (const _ of createInterface({ input: process.stdin })) {
  const groups = Array.from(
    { length: 20 },
    (__, i) => [{ op: "set", key: stateKey(scope, "state", `k${i}`), value: "late", fence }] as const,
  );
  const results = await store.apply(groups, { signal });
  const refused = results.filter((each) => each.kind === "refused" && each.found.kind === "staleToken");
  process.stdout.write(`${refused.length}\n`);
}
