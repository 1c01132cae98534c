import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as slept } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { standStill } from "./stand-still.ts";

/** Threads that write without a pause. */
const busy = `
  const { appendFileSync } = require("node:fs");
  const { Worker, isMainThread, workerData } = require("node:worker_threads");
  const path = isMainThread ? process.argv[1] : workerData;
  if (isMainThread) for (let i = 0; i < 4; i++) new Worker(process._eval, { eval: true, workerData: path });
  else for (;;) appendFileSync(path, "x");`;

test("a process does nothing more once it stands still, in none of its threads, and goes on when it is let", async () => {
  const folder = mkdtempSync(join(tmpdir(), "acteon-still-"));
  const path = join(folder, "written");
  const written = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const child = spawn(process.execPath, ["--eval", busy, path], { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  });
  for (let round = 0; round < 20; round++) {
    const before = written();
    await expect.poll(written, { interval: 1 }).toBeGreaterThan(before);
    await standStill(child);
    const stopped = written();
    await slept(20);
    expect(written()).toBe(stopped);
    child.kill("SIGCONT");
  }
});

test("a process that has ended stands still", async () => {
  const child = spawn(process.execPath, ["--eval", ""], { stdio: "ignore" });
  await once(child, "exit");
  await standStill(child);
});

test("a process that could not be started is none", async () => {
  const child = spawn("/no such program", { stdio: "ignore" });
  await once(child, "error");
  await expect(standStill(child)).rejects.toThrow("was never started");
});
