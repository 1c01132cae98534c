import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { lockReachFinding } from "./lock-reach.ts";

const redis = '[state]\nbackend = "redis"\nurl = "redis://a"\n';
const embedded = '[lock]\nbackend = "embedded"\n';

test.each([
  ["locks in the state store", redis, undefined],
  ["both on this machine", embedded, undefined],
  ["both elsewhere", `${redis}[lock]\nbackend = "etcd"\nurl = "etcd://b"\n`, undefined],
  ["locks here and state elsewhere", redis + embedded, "warning"],
])("%s: %s", (_what, text, level) => {
  const { config, diagnostics } = readConfig({ file: "", text, environment: {} });
  expect(diagnostics).toEqual([]);
  expect(lockReachFinding(config)?.level).toBe(level);
});
