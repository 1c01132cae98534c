import { ConfigurationError } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { describeTarget, parseRedisUrl } from "./redis-target.ts";

describe("a URL", () => {
  test.each([
    ["redis://localhost", { kind: "single", address: { host: "localhost", port: 6379 }, db: 0, tls: false }],
    ["redis://10.0.0.1:7000/3", { kind: "single", address: { host: "10.0.0.1", port: 7000 }, db: 3 }],
    ["redis://[::1]:7000", { kind: "single", address: { host: "::1", port: 7000 } }],
    ["rediss://cache.example", { kind: "single", tls: true }],
    ["redis://:p%40ss@h", { username: undefined, password: "p@ss" }],
    ["redis://acteon:a:b@h", { username: "acteon", password: "a:b" }],
    [
      "redis+sentinel://u:p@a:1,b/mymaster/2",
      {
        kind: "sentinel",
        sentinels: [
          { host: "a", port: 1 },
          { host: "b", port: 26_379 },
        ],
        master: "mymaster",
        db: 2,
        username: "u",
      },
    ],
    [
      "rediss+cluster://a:1,b:2",
      {
        kind: "cluster",
        tls: true,
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
  ])("%s is understood", (url, target) => {
    expect(parseRedisUrl(url)).toMatchObject(target);
  });

  test.each([
    undefined,
    "",
    "localhost:6379",
    "http://u:secret@h",
    "redis://u:secret@",
    "redis://u:secret@h:0",
    "redis://u:secret@h:99999",
    "redis://u:secret@h/zero",
    "redis://u:secret@h/1/2",
    "redis://u:secret@h?db=1",
    "redis://u:secret@a,b",
    "redis://secret@h",
    "redis://:%secret@h",
    "redis+sentinel://u:secret@a:1",
    "redis+cluster://u:secret@a:1/0",
    "redis://u:secret@h h",
  ])("%s is refused with the forms there are, and without its password", (url) => {
    const refused = () => parseRedisUrl(url);
    expect(refused).toThrow(ConfigurationError);
    expect(refused).toThrow(/^state\.url .*redis:\/\/\[user:password@\]host:port\[\/db\]/);
    expect(refused).not.toThrow(/secret/);
  });
});

test("a server is named without its credentials", () => {
  const names = [
    "redis://u:secret@[::1]:7000",
    "redis+sentinel://:secret@a:1,b:2/m",
    "redis+cluster://:secret@a:1",
  ].map((url) => describeTarget(parseRedisUrl(url)));
  expect(names).toEqual(["Redis at [::1]:7000", "Redis m of the sentinels at a:1, b:2", "Redis Cluster at a:1"]);
});
