import { ConfigurationError } from "@acteon/core";
import { expect, test } from "vitest";
import { parseZooKeeperUrl, rootOf } from "./zookeeper-address.ts";

test("a URL names servers, a user and a chroot", () => {
  expect(parseZooKeeperUrl("zookeeper://a:2181,b.example:2182,[::1]:2183,c/x/y/")).toEqual({
    servers: [
      { host: "a", port: 2181 },
      { host: "b.example", port: 2182 },
      { host: "::1", port: 2183 },
      { host: "c", port: 2181 },
    ],
    credentials: undefined,
    chroot: "/x/y",
  });
  expect(parseZooKeeperUrl("zookeeper://us%40er:p%3Ass@a").credentials?.reveal()).toBe("us@er:p:ss");
  expect(rootOf(parseZooKeeperUrl("zookeeper://a/x"), "acteon.eu")).toBe("/x/acteon=2Eeu");
  expect(rootOf(parseZooKeeperUrl("zookeeper://a/"), "acteon")).toBe("/acteon");
});

test("a URL of another form is refused with the right one, and without what it holds", () => {
  for (const url of [
    "",
    "zookeeper://",
    "zookeeper:a:2181",
    "redis://a:1",
    "zookeeper://a:0",
    "zookeeper://a:99999",
    "zookeeper://a,,b",
    "zookeeper://a b:1",
    "zookeeper://user:hunter2@",
    "zookeeper://user:hunter2@a:port",
    "zookeeper://hunter2@a",
    "zookeeper://user:hunter2%@a",
    "zookeeper://a//x",
    "zookeeper://a/x?y=1",
  ]) {
    const parse = (): unknown => parseZooKeeperUrl(url);
    expect(parse, url).toThrow(ConfigurationError);
    expect(parse, url).toThrow("zookeeper://[user:password@]host:port[,host:port…][/chroot]");
    expect(parse, url).not.toThrow("hunter2");
  }
});
