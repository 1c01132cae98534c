import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkConfig } from "../src/config/load-config.ts";
import { silentLogger } from "../src/log/logger.ts";
import { mergeMetrics } from "../src/metrics/merge-metrics.ts";
import type { RunningServer } from "../src/server.ts";
import { startFailureOf } from "../src/start-failure.ts";
import { startWorkers } from "../src/workers/supervisor.ts";
import { wireText } from "./actions.ts";
import { get, post, sendRaw } from "./raw-client.ts";
import { TestGateway } from "./test-gateway.ts";
import { testMetrics } from "./test-metrics.ts";

let directory: string;
let server: RunningServer;
const events: string[] = [];

function text(port = 0): string {
  return `
[server]
port = ${port}
workers = 2
drain_delay_ms = 0
shutdown_timeout_seconds = 5
[state]
path = "${join(directory, "data")}"
[rules]
directory = "${directory}"
watch = false
[observability]
log_level = "error"
[providers.log]
`;
}

async function start(source: string): Promise<RunningServer> {
  const loaded = await checkConfig({ file: "acteon.toml", text: source, environment: {} });
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics));
  const logger = {
    ...silentLogger,
    info: (event: string) => events.push(event),
    error: (event: string) => events.push(event),
  };
  return startWorkers({ config: loaded.config, sources: loaded.sources, logger });
}

/** Process ids of the workers. */
function workers(): readonly number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === process.pid && match[3]?.includes("worker-main"))
    .map((match) => Number(match?.[1]));
}

/** What a process puts in front of its request ids. */
async function answeringProcess(): Promise<string> {
  const reply = await sendRaw(server.port, get("/live"));
  return reply.headers["x-request-id"]?.split("-")[0] ?? "";
}

async function dispatch(changes: Parameters<typeof wireText>[0]): Promise<string> {
  return (await sendRaw(server.port, post("/v1/dispatch", wireText({ provider: "log", ...changes })))).body;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "acteon-workers-"));
  writeFileSync(
    join(directory, "rules.yaml"),
    "rules:\n  - name: quiet\n    when:\n      field: action.action_type\n      equals: noise\n    then: suppress\n",
  );
  server = await start(text());
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

describe("server.workers", () => {
  test("several processes answer on one port", async () => {
    expect(workers()).toHaveLength(2);
    const seen = new Set<string>();
    await expect.poll(async () => seen.add(await answeringProcess()).size).toBe(2);
  });

  test("metrics are those of all of them, whoever is asked", async () => {
    for (let i = 0; i < 20; i++) await dispatch({ id: `m-${i}` });
    for (let i = 0; i < 5; i++) {
      const reply = await sendRaw(server.port, get("/metrics"));
      expect(JSON.parse(reply.body)).toMatchObject({
        dispatched: 20,
        executed: 20,
        state: { backend: "embedded", durability: "host" },
      });
    }
  });

  test("a rule that is switched off through one is switched off in all", async () => {
    expect(await dispatch({ id: "n", action_type: "noise" })).toBe('{"Suppressed":{"rule":"quiet"}}');
    const put = post("/v1/rules/quiet/enabled", '{"enabled":false}').toString().replace(/^POST/, "PUT");
    expect((await sendRaw(server.port, put)).status).toBe(200);
    await expect
      .poll(async () => {
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, i) => dispatch({ id: `n-${i}`, action_type: "noise" })),
        );
        return answers.every((answer) => answer.startsWith('{"Executed"'));
      })
      .toBe(true);
  });

  test("a worker that is killed is started again, and the port answers meanwhile", async () => {
    const [victim, survivor] = workers();
    process.kill(victim ?? 0, "SIGKILL");
    await expect.poll(() => events.includes("worker died")).toBe(true);
    expect((await sendRaw(server.port, get("/live"))).status).toBe(200);
    await expect.poll(() => events.includes("worker restarted")).toBe(true);
    expect(workers()).toHaveLength(2);
    expect(workers()).toContain(survivor);
    expect(workers()).not.toContain(victim);
  });

  test("row 66: a port that others listen on stops the start, also where they would share it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { readonly port: number };
    for (const taken of [port, server.port]) {
      const failed = await start(text(taken)).catch(startFailureOf);
      expect(failed).toMatchObject({ exitCode: 7, message: expect.stringContaining(String(taken)) as string });
    }
    other.close();
    expect(workers()).toHaveLength(2);
  });

  test("row 57: what a worker cannot open stops the start, and is told as if it had been this process", async () => {
    const rules = join(directory, "bad");
    mkdirSync(rules);
    writeFileSync(join(rules, "bad.yaml"), "rules:\n  - nam: x\n");
    const failed = await start(text().replace(`directory = "${directory}"`, `directory = "${rules}"`)).catch(
      startFailureOf,
    );
    rmSync(rules, { recursive: true });
    expect(failed).toMatchObject({ exitCode: 2, diagnostics: expect.arrayContaining([expect.anything()]) as unknown });
    expect(workers()).toHaveLength(2);
  });

  test("stopping ends all of them", async () => {
    await server.stop();
    expect(workers()).toEqual([]);
    const refused = await new Promise((resolve) => connect(server.port, "127.0.0.1").once("error", resolve));
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("the metrics of several processes", () => {
  const one = testMetrics(new TestGateway());

  test("are added up; a percentile is the largest of theirs", () => {
    const two = {
      ...one,
      stores: one.stores.map((store) => ({ ...store, errors: { state_unavailable: 1, internal: 1 } })),
      counters: { dispatched: 3 },
      providers: {
        console: {
          ...one.providers["console"]!,
          requests: 12,
          avgLatencyMs: 5,
          p99LatencyMs: 9,
          lastRequestAtMs: 7,
          lastError: "later",
        },
      },
    };
    expect(mergeMetrics([one, two])).toMatchObject({
      counters: { dispatched: 3, executed: 0 },
      providers: {
        console: { requests: 16, avgLatencyMs: 4, p99LatencyMs: 9, lastRequestAtMs: 7, lastError: "later" },
        hook: { requests: 0, avgLatencyMs: 0, lastRequestAtMs: undefined },
      },
      stores: [
        {
          role: "state",
          backend: "redis",
          calls: 10,
          groups: 24,
          errors: { state_unavailable: 3, internal: 1 },
          connections: { open: 4, busy: 2, waiting: 0, max: 20 },
        },
      ],
    });
  });

  test("of one process are its own", () => {
    expect(mergeMetrics([one])).toEqual({
      ...one,
      providers: { ...one.providers, hook: { ...one.providers["hook"], avgLatencyMs: 0 } },
    });
  });
});
