import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { promisesOf } from "./store-promises.ts";

function store(keys: string) {
  return readConfig({ file: "", text: `[state]\n${keys}`, environment: {} }).config.state;
}

test("Redis that may fail over promises less than one that does not", () => {
  const redis = store('backend = "redis"\nurl = "redis+sentinel://a,b/main"');
  expect(promisesOf(redis, "lossy").notPromised).toEqual([
    "a failover may forget acknowledged locks and records: duplicates and losses then",
  ]);
  expect(promisesOf(redis, "host").notPromised).toEqual(["a restart of the server, unless appendfsync is always"]);
  expect(promisesOf(redis, "lossy").promised[0]).not.toBe(promisesOf(redis, "host").promised[0]);
});

test("PostgreSQL whose commits are not flushed does not promise what it otherwise would", () => {
  const postgres = store('backend = "postgres"\nurl = "postgres://a"\nunlogged = true');
  expect(promisesOf(postgres, "strong").notPromised).toEqual(["promotion of an asynchronous standby"]);
  expect(promisesOf(postgres, "lossy").notPromised).toEqual([expect.stringMatching(/^a crash of the server/)]);
});
