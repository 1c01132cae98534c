import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { thisHost } from "./host.ts";

const isLinux = process.platform === "linux";

test("this process lives", () => {
  const host = thisHost();
  expect(host.process.startsWith(`${process.pid}.`)).toBe(true);
  expect(host.hasEnded(host.process)).toBe(false);
});

test("a process that was killed has ended", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const [, , namespace] = thisHost().process.split(".");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(thisHost().hasEnded(`${child.pid}.1.${namespace}`)).toBe(true);
});

test.skipIf(!isLinux)("another process that was given the same number is another process", () => {
  const [pid, startedAt, namespace] = thisHost().process.split(".");
  expect(thisHost().hasEnded(`${pid}.${Number(startedAt) - 1}.${namespace}`)).toBe(true);
});

test.skipIf(!isLinux)("of a process in another container nothing is known", () => {
  expect(thisHost().hasEnded("999999999.1.1")).toBe(false);
});

test("two processes have the same clock", async () => {
  const child = fork(new URL("../test/print-clock.ts", import.meta.url));
  const before = thisHost().sinceBootMs();
  const [there] = (await once(child, "message")) as [number];
  const after = thisHost().sinceBootMs();
  expect(there).toBeGreaterThan(before);
  expect(there).toBeLessThan(after);
});

test.skipIf(!isLinux)("the boot has an id", () => {
  expect(thisHost().bootId).toMatch(/^[0-9a-f-]{36}$/);
});
