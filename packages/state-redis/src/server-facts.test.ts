import { expect, test } from "vitest";
import { failoverWeakness, unusable, weaknesses } from "./server-facts.ts";
import type { ServerFacts } from "./server-facts.ts";

const sound: ServerFacts = {
  product: "Redis 7.0.15",
  major: 7,
  isCluster: false,
  logsWrites: true,
  fsync: "always",
  maxMemoryBytes: 0,
  evicts: undefined,
};

test("a server is refused that is too old, or a node of a cluster where the URL says that it is alone", () => {
  expect(unusable(sound, false)).toBeUndefined();
  expect(unusable({ ...sound, isCluster: true }, true)).toBeUndefined();
  expect(unusable({ ...sound, isCluster: true }, false)).toMatchObject({
    help: expect.stringContaining("redis+cluster://"),
  });
  expect(unusable({ ...sound, product: "Redis 6.2.14", major: 6 }, false)).toMatchObject({
    found: "Redis 6.2.14 is too old",
  });
});

test.each([
  [{}, []],
  [{ logsWrites: false }, ["appendonly is no"]],
  [{ fsync: "everysec" }, ["appendfsync is everysec"]],
  [{ fsync: undefined }, ["appendfsync is not told (CONFIG GET is refused)"]],
  [{ maxMemoryBytes: 1_000, evicts: "volatile-ttl" }, ["maxmemory-policy is volatile-ttl"]],
  [{ maxMemoryBytes: 0, evicts: "allkeys-lru" }, []],
  [
    { logsWrites: false, maxMemoryBytes: 1, evicts: "allkeys-lru" },
    ["appendonly is no", "maxmemory-policy is allkeys-lru"],
  ],
] as const)("settings that weaken a promise are named, with what to do: %o", (settings, found) => {
  const told = weaknesses({ ...sound, ...settings });
  expect(told.map((weakness) => weakness.found.split(":")[0])).toEqual(found);
  for (const { level, help } of told) expect([level, help]).toEqual(["warning", expect.any(String)]);
});

test("where there are replicas to fail over to, that is told as well", () => {
  expect(failoverWeakness("host")).toEqual([]);
  expect(failoverWeakness("lossy")).toMatchObject([
    { subject: "failover", found: expect.stringContaining("may forget") },
  ]);
});
