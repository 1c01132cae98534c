import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@acteon/core";
import { openEmbeddedState } from "@acteon/state-embedded";
import { freePort } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { CountingSink } from "./counting-sink.ts";
import { RetryingClient } from "./retrying-client.ts";
import { ServerUnderTest, sleep, writeServerFiles } from "./server-under-test.ts";

/** 200 in every run of the suite; `ACTEON_KILLS=1000` for a night. */
const kills = Number(process.env["ACTEON_KILLS"] ?? 200);
const clients = 48;
const minInFlight = 32;
const maxAnswers = 40;

test(`kill -9 of the server ${kills} times under load loses nothing and explains every duplicate (T5)`, async () => {
  const directory = mkdtempSync(join(tmpdir(), "acteon-kill-"));
  await using sink = await CountingSink.start();
  sink.delayMs = () => Math.random() * 15;
  const port = await freePort();
  writeServerFiles({ directory, port, sinkUrl: sink.url, leaseMs: 5_000 });
  const found: Record<string, number> = {};
  let server = new ServerUnderTest({ directory, port });
  const client = new RetryingClient(port, () => server.ready);
  try {
    await server.ready;
    let goesOn = true;
    let made = 0;
    const load = Promise.all(
      Array.from({ length: clients }, () =>
        client.run(
          () => goesOn,
          // A third under a dedup key of its own, a sixth under one that several share.
          () => (made++ % 2 === 0 ? undefined : made % 3 === 0 ? `shared-${Math.floor(made / 12)}` : `own-${made}`),
        ),
      ),
    );
    for (let kill = 0; kill < kills; kill++) {
      // Anywhere from the first requests on to some dozens of answers, however fast the machine is.
      const enough = client.answered + Math.floor(Math.random() * maxAnswers);
      while (client.answered < enough || client.waiting < minInFlight) await sleep(Math.random() * 5);
      await server.end("SIGKILL");
      for (const state of await statesLeft(join(directory, "data"))) found[state] = (found[state] ?? 0) + 1;
      server = new ServerUnderTest({ directory, port });
      await server.ready;
    }
    goesOn = false;
    await load;
    await recovered(join(directory, "data"));
    const duplicates = await check(client, sink, port);
    process.stdout.write(
      `${kills} kills, ${client.sent.length} actions, ${duplicates} sent more than once; kills by what restart found: ${JSON.stringify(found)}\n`,
    );
    expect(found["executing"]).toBeGreaterThan(0);
  } finally {
    await server.end("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  }
}, 1_200_000);

/** What a restart finds after a kill: one of each state that is there. */
async function statesLeft(path: string): Promise<Set<string>> {
  const signal = new AbortController().signal;
  await using store = await openEmbeddedState({ path, sync: false, clock: systemClock, signal });
  const states = new Set<string>();
  for await (const { value } of store.scan({ kind: "execution" }, { signal })) {
    states.add((JSON.parse(value) as { state: string }).state);
  }
  for await (const _ of store.scan({ kind: "pending_audit" }, { signal })) states.add("committed, not in the trail");
  if (states.size === 0) states.add("nothing unfinished");
  return states;
}

/** Waits until the sweep has finished what the last kill left. */
async function recovered(path: string): Promise<void> {
  await expect.poll(async () => [...(await statesLeft(path))], { interval: 500 }).toEqual(["nothing unfinished"]);
}

async function check(client: RetryingClient, sink: CountingSink, port: number): Promise<number> {
  const lost: string[] = [];
  const twice: string[] = [];
  const unexplained: string[] = [];
  let duplicates = 0;
  for (const { id, answer, dedupKey } of client.sent) {
    const keys = sink.received.get(id) ?? new Map<string, number>();
    if (answer?.kind === "Executed" && keys.size === 0) lost.push(id);
    if (answer?.kind === "Deduplicated" && !sentUnder(client, sink, dedupKey))
      lost.push(`${id} (deduplicated, nobody sent ${dedupKey})`);
    if (keys.size > 1) twice.push(id);
    const [calls = 0] = keys.values();
    if (calls <= 1) continue;
    duplicates++;
    // Every call of one execution is an attempt of it: the last attempt's number says how many there may have been.
    const reply = await fetch(`http://127.0.0.1:${port}/v1/audit/${id}`);
    const { attempts } = (await reply.json()) as { attempts: { number: number }[] };
    if ((attempts.at(-1)?.number ?? 0) < calls) unexplained.push(id);
  }
  expect({ lost, twice, unexplained }).toEqual({ lost: [], twice: [], unexplained: [] });
  return duplicates;
}

function sentUnder(client: RetryingClient, sink: CountingSink, dedupKey: string | undefined): boolean {
  return client.sent.some((other) => other.dedupKey === dedupKey && sink.received.has(other.id));
}
