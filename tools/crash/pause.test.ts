import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, standStill } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { CountingSink } from "./counting-sink.ts";
import { ServerUnderTest, sleep, writeServerFiles } from "./server-under-test.ts";

const rounds = 5;
const leaseMs = 500;

test("a server stopped past its lease and resumed is refused every late write (T7, C19)", async () => {
  const directory = mkdtempSync(join(tmpdir(), "acteon-pause-"));
  await using sink = await CountingSink.start();
  const [first, second] = [await freePort(), await freePort()];
  for (const port of [first, second]) writeServerFiles({ directory, port, sinkUrl: sink.url, leaseMs });
  const paused = new ServerUnderTest({ directory, port: first });
  const other = new ServerUnderTest({ directory, port: second });
  try {
    await Promise.all([paused.ready, other.ready]);
    let done = 0;
    for (let tries = 0; done < rounds && tries < 3 * rounds; tries++) {
      const id = randomUUID();
      let answered = false;
      sink.delayMs = () => (answered ? 0 : 1_500);
      const late = dispatch(first, id);
      await expect.poll(() => sink.received.has(id)).toBe(true);
      await standStill(paused.child);
      await sleep(2 * leaseMs);
      answered = true;
      // Its sweep may be at it already: then a repeat is told so, and sends again.
      let taken = await dispatch(second, id);
      for (let tries = 0; taken.status === 409 && tries < 50; tries++) {
        await sleep(100);
        taken = await dispatch(second, id);
      }
      if (taken.status === 503) {
        // Stopped in the very moment in which it was writing: then nobody writes until it goes on. Another round.
        paused.child.kill("SIGCONT");
        await late;
        continue;
      }
      expect(taken).toMatchObject({ status: 200, body: { Executed: { status: "success" } } });
      paused.child.kill("SIGCONT");
      // The resumed server can prove its lock no more, or finds its record gone: its caller gets the answer that is there.
      expect(await late).toMatchObject({ status: 200, body: { Executed: { status: "success" } } });
      expect([...(sink.received.get(id)?.keys() ?? [])]).toHaveLength(1); // both calls under one idempotency key
      await expect.poll(() => rowsOf(second, id)).toContain("own");
      expect((await rowsOf(second, id)).filter((row) => row === "own")).toHaveLength(1);
      done++;
    }
    expect(done).toBe(rounds);
  } finally {
    paused.child.kill("SIGCONT");
    await Promise.all([paused.end("SIGTERM"), other.end("SIGTERM")]);
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);

async function dispatch(port: number, id: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/dispatch`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": `ik-${id}` },
    body: JSON.stringify({
      id,
      namespace: "crash",
      tenant: "t",
      provider: "hook",
      action_type: "once",
      dedup_key: id,
      payload: {},
      created_at: "2026-01-01T00:00:00Z",
    }),
  });
  return { status: reply.status, body: await reply.json() };
}

/** What the trail tells of an action: the row of its execution, and those of late answers. */
async function rowsOf(port: number, id: string): Promise<string[]> {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/audit?namespace=crash&tenant=t&limit=1000`);
  const { records } = (await reply.json()) as { records: { action_id: string; late_answer: boolean }[] };
  return records
    .filter((record) => record.action_id === id)
    .map((record) => (record.late_answer ? "late" : "own"))
    .toSorted();
}
