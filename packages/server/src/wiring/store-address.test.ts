import { expect, test } from "vitest";
import { maskedUrl } from "./store-address.ts";

test.each([
  ["redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"],
  ["rediss://acteon:hunter2@cache.example:6380", "rediss://***@cache.example:6380"],
  ["redis://:hunter2@cache.example", "redis://***@cache.example"],
  ["redis+sentinel://u:hunter2@a:1,b:2/main/3", "redis+sentinel://***@a:1,b:2/main/3"],
  ["postgres://u:hun/ter2@db.example/acteon", "postgres://***@db.example/acteon"],
  ["postgres://u:hun@ter2@db.example/acteon", "postgres://***@db.example/acteon"],
  ["postgres://u:hun?ter2#@db.example/acteon", "postgres://***@db.example/acteon"],
  ["postgres://db.example/acteon?password=hunter2&sslmode=require", "postgres://db.example/acteon?***"],
  ["hunter2", "***"],
])("S6: %s is shown as %s", (url, shown) => {
  expect(maskedUrl(url)).toBe(shown);
});
