import type { Namespace, TenantId } from "@acteon/core";
import { dueIndexes, keyKinds, stateKey, stateScope, toRedisKey } from "@acteon/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RedisKeys } from "./redis-keys.ts";

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "/", ":", "{", "}", "=", "%", "é"), maxLength: 5 }),
  fc.nat({ max: 40 }).map((more) => "x".repeat(380 + more)),
);
const scope = fc
  .tuple(text, fc.option(text, { nil: undefined }))
  .map(([namespace, tenant]) => stateScope(namespace as Namespace, tenant as TenantId | undefined));
const key = fc.oneof(
  fc.tuple(scope, text).map(([of, id]) => stateKey(of, "dedup", id)),
  fc.tuple(scope, text, fc.option(text, { nil: undefined })).map(([of, a, b]) => stateKey(of, "execution", a, b)),
);

test("K5: a record lies where the key layout says, whatever its key", () => {
  fc.assert(
    fc.property(key, text, (of, prefix) => {
      expect(new RedisKeys(prefix, { perScope: true }).record(of)).toBe(toRedisKey(of, prefix));
    }),
  );
});

test("K5: in a cluster, what a call needs beside records has the hash tag of its tenant, and no record's name", () => {
  fc.assert(
    fc.property(scope, fc.constantFrom(...dueIndexes), (of, index) => {
      const keys = new RedisKeys("acteon", { perScope: true });
      const head = `acteon:{${of.text.replace("/", ":")}}:`;
      expect([keys.clock(of), keys.due(index, of)]).toEqual([`${head}clock`, `${head}due:${index}`]);
    }),
  );
  expect(Object.keys(keyKinds)).not.toEqual(expect.arrayContaining(["clock", "due"]));
});

test("outside of a cluster all tenants share them", () => {
  const keys = new RedisKeys("a:b", { perScope: false });
  const of = stateScope("n" as Namespace, undefined);
  expect([keys.clock(of), keys.due("retry", of), keys.dueScopes("retry")]).toEqual([
    "a=3Ab:clock",
    "a=3Ab:due:retry",
    "a=3Ab:due-scopes:retry",
  ]);
});
