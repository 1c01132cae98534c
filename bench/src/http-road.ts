import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionInput } from "@acteon/core";
import type { Round } from "./figure.ts";
import { LoadConnection } from "./load-client.ts";
import { ServerProcess } from "./server-process.ts";
import { BatchOfInputs, expectedOutcomes } from "./workload.ts";

/** In the wire's names. */
function toWire({ actionType, dedupKey, createdAt, ...rest }: ActionInput): object {
  return { ...rest, action_type: actionType, created_at: createdAt, dedup_key: dedupKey };
}

/** Bodies of the actions `from` … `to`, `batch` in each; made before the clock starts. */
function bodies(from: number, to: number, batch: number): string[] {
  const inputs = new BatchOfInputs(batch);
  const made: string[] = [];
  for (let at = from; at < to; at += batch) {
    const wire = inputs.fill(at).map(toWire);
    made.push(JSON.stringify(batch === 1 ? wire[0] : wire));
  }
  return made;
}

export interface HttpRun {
  readonly batch: number;
  readonly connections: number;
  readonly actions: number;
}

/** Sends all bodies over so many connections, one request each at a time; actions a second. */
async function closedLoop(
  server: ServerProcess,
  { batch, connections, actions }: HttpRun,
  from: number,
  onBody?: (body: Buffer) => void,
): Promise<Round> {
  const requests = bodies(from, from + actions, batch);
  const path = batch === 1 ? "/v1/dispatch" : "/v1/dispatch/batch";
  const open = await Promise.all(Array.from({ length: connections }, () => LoadConnection.open(server.port)));
  let next = 0;
  const cpu = server.cpuMicros();
  const started = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (next < requests.length) {
        const body = await connection.post(path, requests[next++] as string);
        onBody?.(body);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  for (const connection of open) connection.close();
  return { value: actions / seconds, cpuMicros: (server.cpuMicros() - cpu) / actions };
}

/**
 * Batches at a stated rate, whatever the replies do; each latency from the moment the batch was due, and without end for one
 * that was refused.
 */
async function openLoop(
  server: ServerProcess,
  batchesPerSecond: number,
  seconds: number,
  from: number,
  onBody?: (body: Buffer) => void,
): Promise<{ readonly p50: number; readonly p99: number; readonly refused: number }> {
  const count = Math.round(batchesPerSecond * seconds);
  const requests = bodies(from, from + count * 100, 100);
  const idle = await Promise.all(Array.from({ length: 64 }, () => LoadConnection.open(server.port)));
  const all = [...idle];
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  let refused = 0;
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    const dueMs = started + (i / batchesPerSecond) * 1_000;
    while (performance.now() < dueMs) await new Promise((resolve) => setImmediate(resolve));
    const send = async (): Promise<void> => {
      while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      // In turn: a server closes a connection that is idle for seconds.
      const connection = idle.shift() as LoadConnection;
      const body = await connection.post("/v1/dispatch/batch", requests[i] as string).catch(() => undefined);
      if (body === undefined) refused++;
      else onBody?.(body);
      if (i >= count / 5) latencies.push(body === undefined ? Infinity : performance.now() - dueMs);
      idle.push(connection);
      waiting.shift()?.();
    };
    pending.push(send());
  }
  await Promise.all(pending);
  for (const connection of all) connection.close();
  latencies.sort((a, b) => a - b);
  return {
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? NaN,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
    refused,
  };
}

/** Counts outcomes by their tag in the text of a reply. */
class Outcomes {
  readonly #counts: Record<string, number> = {};

  readonly take = (body: Buffer): void => {
    const parsed = JSON.parse(body.toString()) as unknown;
    for (const outcome of Array.isArray(parsed) ? parsed : [parsed]) {
      const tag = typeof outcome === "string" ? outcome : (Object.keys(outcome as object)[0] ?? "");
      this.#counts[tag] = (this.#counts[tag] ?? 0) + 1;
    }
  };

  check(total: number): void {
    for (const [kind, count] of Object.entries(expectedOutcomes(total))) {
      const tag = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
      if ((this.#counts[tag] ?? 0) !== count)
        throw new Error(`${tag}: ${this.#counts[tag] ?? 0} outcomes, expected ${count}`);
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
    const round = await closedLoop(server, { batch: 100, connections: 16, actions }, warmUp, outcomes.take);
    outcomes.check(warmUp + actions);
    await checkTrail(server.port, warmUp + actions);
    return round;
  });
}

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly bareP50: number;
  readonly bareP99: number;
}

/** At a stated rate, beside the bare server at the same. */
export async function httpLatencyRound(actionsPerSecond: number, seconds: number): Promise<Latencies> {
  const rate = actionsPerSecond / 100;
  const ours = await withServer(false, async (server) => {
    const outcomes = new Outcomes();
    const warmUp = 20_000;
    await closedLoop(server, { batch: 100, connections: 16, actions: warmUp }, 0, outcomes.take);
    const result = await openLoop(server, rate, seconds, warmUp, outcomes.take);
    if (result.refused > 0) return result; // what was refused has neither outcome nor record
    const total = warmUp + Math.round(rate * seconds) * 100;
    outcomes.check(total);
    await checkTrail(server.port, total);
    return result;
  });
  await using bare = await ServerProcess.bare();
  await closedLoop(bare, { batch: 100, connections: 16, actions: 20_000 }, 0);
  const theirs = await openLoop(bare, rate, seconds, 20_000);
  return { ...ours, bareP50: theirs.p50, bareP99: theirs.p99 };
}

/** Single actions: ours ÷ the bare server, which stand side by side and take turns. */
export function httpSingleRatio(actions: number): Promise<Round> {
  return withServer(false, async (server) => {
    await using bare = await ServerProcess.bare();
    const outcomes = new Outcomes();
    const run = { batch: 1, connections: 64 };
    const warmUp = Math.ceil(actions / 400) * 100;
    await closedLoop(server, { ...run, actions: warmUp }, 0, outcomes.take);
    await closedLoop(bare, { ...run, actions: warmUp }, 0);
    const ours = await closedLoop(server, { ...run, actions }, warmUp, outcomes.take);
    const theirs = await closedLoop(bare, { ...run, actions }, warmUp);
    outcomes.check(warmUp + actions);
    await checkTrail(server.port, warmUp + actions);
    return { value: ours.value / theirs.value, ...(ours.cpuMicros === undefined ? {} : { cpuMicros: ours.cpuMicros }) };
  });
}
