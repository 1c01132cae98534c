import { DataDamagedError } from "@acteon/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scopeOf } from "./conformance/fixtures.ts";
import { anyKey, anyTwoKeys } from "./conformance/generated-keys.ts";
import {
  parseDynamoKeys,
  parseRedisKey,
  parseZooKeeperPath,
  toDynamoKeys,
  toRedisKey,
  toZooKeeperPath,
} from "./key-layout.ts";
import { stateKey } from "./state-key.ts";
import type { StateKey } from "./state-key.ts";

/** DynamoDB keeps two attributes; joined by what is in neither, they are one text. */
const layouts = {
  Redis: { to: (key: StateKey) => toRedisKey(key, "acteon"), from: (text: string) => parseRedisKey(text, "acteon") },
  DynamoDB: {
    to: (key: StateKey) => Object.values(toDynamoKeys(key)).join(" "),
    from: (text: string) => {
      const [partition = "", sort = ""] = text.split(" ");
      return parseDynamoKeys({ partition, sort });
    },
  },
  ZooKeeper: {
    to: (key: StateKey) => toZooKeeperPath(key, "acteon"),
    from: (text: string) => parseZooKeeperPath(text, "acteon"),
  },
};

describe.each(Object.entries(layouts))("K1, K4: the %s layout", (_, { to, from }) => {
  test("gives back the key that it was made of, and of a collapsed key nothing", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        if (key.text === key.fullText) expect(from(to(key))).toEqual(key);
        else expect(() => from(to(key))).toThrow(DataDamagedError);
      }),
    );
  });

  test("is shared by no two keys, however their components are cut", () => {
    fc.assert(
      fc.property(anyTwoKeys, ([a, b]) => {
        expect(to(a) === to(b)).toBe(a.text === b.text);
      }),
      { numRuns: 2_000 },
    );
  });

  test("refuses what it never made", () => {
    const key = to(stateKey(scopeOf("n", "t"), "lock", "a", undefined));
    for (const text of [
      "",
      key.slice(1),
      key.slice(0, -1),
      `${key}/x`,
      `${key}:x`,
      key.replace("t", "t:t"),
      key.replace("n", "x/n"),
    ])
      expect(() => from(text)).toThrow(DataDamagedError);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => from(text)).toThrow(DataDamagedError);
      }),
    );
  });
});

describe("K5: a Redis key", () => {
  test("has one hash tag, that of its namespace and tenant, whatever prefix it is under", () => {
    fc.assert(
      fc.property(anyKey, fc.string({ maxLength: 5 }), (key, prefix) => {
        const text = toRedisKey(key, prefix);
        expect(text.match(/[{}]/g)).toEqual(["{", "}"]);
        // The server hashes what is between the first `{` and the next `}`, if that is not empty.
        const tag = text.slice(text.indexOf("{") + 1, text.indexOf("}"));
        expect(tag).toBe(key.scope.text.replace("/", ":"));
      }),
    );
  });

  test("of one tenant shares the slot of its lock, record, dedup key and counter", () => {
    const scope = scopeOf("orders", "acme");
    const keys = [
      stateKey(scope, "lock", "a", "b"),
      stateKey(scope, "execution", "a", "b"),
      stateKey(scope, "dedup", "k"),
      stateKey(scope, "counter", "c", "60000"),
    ].map((key) => toRedisKey(key, "acteon"));
    expect(keys).toEqual([
      "acteon:{orders:acme}:lock:a:b",
      "acteon:{orders:acme}:execution:a:b",
      "acteon:{orders:acme}:dedup:k",
      "acteon:{orders:acme}:counter:c:60000",
    ]);
  });
});

test("K4: every entry of ZooKeeper is one node under its kind, and no name of a path is `.` or `..`", () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const names = toZooKeeperPath(key, "..").split("/").slice(1);
      expect(names).toHaveLength(5);
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_=:-]+$/);
    }),
  );
});
