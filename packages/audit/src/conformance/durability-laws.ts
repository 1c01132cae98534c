import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { encodeAuditBatch } from "../audit-batch.ts";
import type { AuditStore } from "../audit-store.ts";
import { exampleRecords } from "./example-records.ts";
import type { DurableTrail, TrailModule } from "./subject.ts";

/** What a trail that outlives its process owes. */
export function durabilityLaws({ module, newPlace }: DurableTrail): void {
  const openTrail = async (place: string): Promise<AuditStore> =>
    ((await import(module)) as TrailModule).openTrail(place);

  test("what was appended is there after the trail was closed and opened again", async () => {
    const place = await newPlace();
    const records = exampleRecords(300);
    {
      await using store = await openTrail(place);
      await store.append(encodeAuditBatch(records));
    }
    await using store = await openTrail(place);
    expect((await store.query({}, { limit: 1_000, ascending: true })).records).toEqual(records);
    await store.append(encodeAuditBatch(records.slice(100, 200)));
    expect((await store.query({}, { limit: 1 })).total).toBe(300);
  });

  test("kill -9 loses no record of an append that had ended", async () => {
    const place = await newPlace();
    const size = 50;
    const child = appendInProcess(module, place, { first: 0, batches: 1_000, size });
    const durable = await linesUntil(child, 20);
    child.kill("SIGKILL");
    await once(child, "exit");
    await using store = await openTrail(place);
    const { total = 0, records } = await store.query({}, { limit: 1_000, ascending: true });
    expect(total).toBeGreaterThanOrEqual(durable * size);
    expect(total % size).toBe(0);
    expect(records).toEqual(exampleRecords(Math.min(total, 1_000)));
  });

  describe("several processes on one trail", () => {
    test("each appends at once, and each finds what all have appended; what two appended is there once", async () => {
      const place = await newPlace();
      const batches = 10;
      const size = 40;
      const children = [0, 200, 600].map((first) => appendInProcess(module, place, { first, batches, size }));
      try {
        await using store = await openTrail(place);
        await Promise.all(children.map((child) => linesUntil(child, batches)));
        const { records, total } = await store.query({}, { limit: 1_000, ascending: true });
        expect(total).toBe(1_000);
        expect(records).toEqual(exampleRecords(1_000));
      } finally {
        for (const child of children) child.kill("SIGKILL");
      }
    });
  });
}

function appendInProcess(
  module: string,
  place: string,
  { first, batches, size }: { readonly first: number; readonly batches: number; readonly size: number },
): ChildProcess {
  const script = fileURLToPath(new URL("./append-process.ts", import.meta.url));
  return spawn(process.execPath, [script, module, place, ...[first, batches, size].map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Waits until the process has written so many lines; returns how many it has. */
async function linesUntil({ stdout }: ChildProcess, count: number): Promise<number> {
  if (stdout === null) throw new TypeError("the process has no output to read");
  let lines = 0;
  for await (const _line of createInterface({ input: stdout })) {
    lines += 1;
    if (lines >= count) return lines;
  }
  throw new Error(`the process ended after ${lines} appends`);
}
