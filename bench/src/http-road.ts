import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionInput } from "@acteon/core";
import type { Round } from "./figure.ts";
import { encodePosts, LoadConnection } from "./load-client.ts";
import { goFirst } from "./priority.ts";
import { ServerProcess } from "./server-process.ts";
import { ticks } from "./ticker.ts";
import { BatchOfInputs, expectedOutcomes, type Pace } from "./workload.ts";

/** In the wire's names. */
function toWire({ actionType, dedupKey, createdAt, ...rest }: ActionInput): object {
  return { ...rest, action_type: actionType, created_at: createdAt, dedup_key: dedupKey };
}

/** Requests with the actions `from` … `to`, `batch` in each. */
function posts(from: number, to: number, batch: number): readonly Buffer[] {
  const inputs = new BatchOfInputs(batch);
  const bodies: string[] = [];
  for (let at = from; at < to; at += batch) {
    const wire = inputs.fill(at).map(toWire);
    bodies.push(JSON.stringify(batch === 1 ? wire[0] : wire));
  }
  return encodePosts(batch === 1 ? "/v1/dispatch" : "/v1/dispatch/batch", bodies);
}

export interface HttpRun {
  readonly batch: number;
  readonly connections: number;
  readonly actions: number;
}

/** Sends all over so many connections, one request each at a time; seconds of wall and µs of CPU that it took. */
async function closedLoop(
  server: ServerProcess,
  { batch, connections, actions }: HttpRun,
  from: number,
  onBody?: (body: Buffer) => void,
): Promise<{ readonly seconds: number; readonly cpuMicros: number }> {
  const requests = posts(from, from + actions, batch);
  const open = await openConnections(server, connections);
  let next = 0;
  const cpu = server.cpuMicros();
  const started = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (next < requests.length) {
        const body = await connection.send(requests[next++] as Buffer);
        onBody?.(body);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  for (const connection of open) connection.close();
  return { seconds, cpuMicros: server.cpuMicros() - cpu };
}

/**
 * Batches at a stated rate, whatever the replies do; each latency from the moment the batch was due, and without end for one
 * that was refused. The first fifth is to warm up.
 */
async function openLoop(
  server: ServerProcess,
  batchesPerSecond: number,
  seconds: number,
  from: number,
  onBody?: (body: Buffer) => void,
): Promise<{ readonly p50: number; readonly p99: number; readonly refused: number }> {
  const count = Math.round(batchesPerSecond * seconds);
  const requests = posts(from, from + count * 100, 100);
  const open = await openConnections(server, 64);
  const idle = [...open];
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  let refused = 0;
  const send = async (tick: number, dueMs: number): Promise<void> => {
    while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    // In turn: a server closes a connection that is idle for seconds.
    const connection = idle.shift() as LoadConnection;
    const body = await connection.send(requests[tick] as Buffer).catch(() => undefined);
    if (body === undefined) refused++;
    else onBody?.(body);
    if (tick >= count / 5) latencies.push(body === undefined ? Infinity : performance.now() - dueMs);
    idle.push(connection);
    waiting.shift()?.();
  };
  {
    using _ = goFirst();
    await ticks({ perSecond: batchesPerSecond, count }, (tick, dueMs) => pending.push(send(tick, dueMs)));
    await Promise.all(pending);
  }
  for (const connection of open) connection.close();
  latencies.sort((a, b) => a - b);
  return {
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? NaN,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
    refused,
  };
}

function openConnections(server: ServerProcess, count: number): Promise<LoadConnection[]> {
  return Promise.all(Array.from({ length: count }, () => LoadConnection.open(server.port)));
}

/** Room for replies, a piece of memory at a time: thousands of small ones would be collected while the clock runs. */
const pageBytes = 1 << 24;
const newline = 0x0a;

/** Keeps replies, a line each, and counts their outcomes by tag once the clock has stopped. */
class Outcomes {
  readonly #pages: { readonly memory: Buffer; used: number }[] = [];

  readonly take = (body: Buffer): void => {
    let page = this.#pages.at(-1);
    if (page === undefined || page.used + body.length >= pageBytes) {
      page = { memory: Buffer.allocUnsafeSlow(pageBytes), used: 0 };
      this.#pages.push(page);
    }
    page.used += body.copy(page.memory, page.used);
    page.memory[page.used++] = newline;
  };

  check(total: number): void {
    const counts: Record<string, number> = {};
    for (const reply of this.#pages.flatMap(({ memory, used }) => memory.toString("utf8", 0, used - 1).split("\n"))) {
      const parsed = JSON.parse(reply) as unknown;
      for (const outcome of Array.isArray(parsed) ? parsed : [parsed]) {
        const tag = typeof outcome === "string" ? outcome : (Object.keys(outcome as object)[0] ?? "");
        counts[tag] = (counts[tag] ?? 0) + 1;
      }
    }
    for (const [kind, count] of Object.entries(expectedOutcomes(total))) {
      const tag = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
      if ((counts[tag] ?? 0) !== count) throw new Error(`${tag}: ${counts[tag] ?? 0} outcomes, expected ${count}`);
    }
  }
}

async function checkTrail(port: number, total: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  let found = 0;
  while (performance.now() < deadline) {
    const reply = (await (await fetch(`http://127.0.0.1:${port}/v1/audit?limit=1`)).json()) as { total: number };
    found = reply.total;
    if (found === total) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${found} of ${total} audit records found`);
}

async function withServer<T>(sync: boolean, use: (server: ServerProcess) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    await using server = await ServerProcess.acteon(directory, { sync });
    return await use(server);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Batches of 100 over 16 connections: actions a second. */
export function httpBatchRound(actions: number, sync: boolean): Promise<Round> {
  return withServer(sync, async (server) => {
    const outcomes = new Outcomes();
    const warmUp = Math.ceil(actions / 400) * 100;
    await closedLoop(server, { batch: 100, connections: 16, actions: warmUp }, 0, outcomes.take);
    const run = await closedLoop(server, { batch: 100, connections: 16, actions }, warmUp, outcomes.take);
    outcomes.check(warmUp + actions);
    await checkTrail(server.port, warmUp + actions);
    return { value: actions / run.seconds, cpuMicros: run.cpuMicros / actions };
  });
}

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly bareP50: number;
  readonly bareP99: number;
}

/** Actions before latencies are measured: what V8 still compiles takes a core from what is measured. */
const warmUp = 200_000;

/** At a stated rate, beside the bare server at the same. */
export async function httpLatencyRound({ actionsPerSecond, seconds }: Pace): Promise<Latencies> {
  const rate = actionsPerSecond / 100;
  const ours = await withServer(false, async (server) => {
    const outcomes = new Outcomes();
    await closedLoop(server, { batch: 100, connections: 16, actions: warmUp }, 0, outcomes.take);
    const result = await openLoop(server, rate, seconds, warmUp, outcomes.take);
    if (result.refused > 0) return result; // what was refused has neither outcome nor record
    const total = warmUp + Math.round(rate * seconds) * 100;
    outcomes.check(total);
    await checkTrail(server.port, total);
    return result;
  });
  await using bare = await ServerProcess.bare();
  await closedLoop(bare, { batch: 100, connections: 16, actions: warmUp }, 0);
  const theirs = await openLoop(bare, rate, seconds, warmUp);
  return { ...ours, bareP50: theirs.p50, bareP99: theirs.p99 };
}

/** How often ours and the bare server take turns: the machine is not equally fast at all times. */
const turns = 5;

/** Single actions: ours ÷ the bare server, which stand side by side. */
export function httpSingleRatio(actions: number): Promise<Round> {
  return withServer(false, async (server) => {
    await using bare = await ServerProcess.bare();
    const outcomes = new Outcomes();
    const run = { batch: 1, connections: 64, actions: Math.ceil(actions / turns / 100) * 100 };
    let at = 0;
    const next = async (): Promise<Awaited<ReturnType<typeof closedLoop>> & { readonly bareSeconds: number }> => {
      const ours = await closedLoop(server, run, at, outcomes.take);
      const { seconds: bareSeconds } = await closedLoop(bare, run, at);
      at += run.actions;
      return { ...ours, bareSeconds };
    };
    while (at < 2 * actions) await next(); // to warm up
    let seconds = 0;
    let bareSeconds = 0;
    let cpuMicros = 0;
    for (let turn = 0; turn < turns; turn++) {
      const took = await next();
      seconds += took.seconds;
      bareSeconds += took.bareSeconds;
      cpuMicros += took.cpuMicros;
    }
    outcomes.check(at);
    await checkTrail(server.port, at);
    return { value: bareSeconds / seconds, cpuMicros: cpuMicros / (turns * run.actions) };
  });
}
