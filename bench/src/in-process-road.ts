import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteAudit } from "@acteon/audit-sqlite";
import type { AuditStore } from "@acteon/audit";
import { systemClock, systemRandom, type ActionOutcome } from "@acteon/core";
import { assembleGateway, type Gateway } from "@acteon/gateway";
import { logProvider } from "@acteon/provider-console";
import { RuleEngine } from "@acteon/rules";
import { yamlFrontEnd } from "@acteon/rules-yaml";
import { openEmbeddedState } from "@acteon/state-embedded";
import { openMemoryState } from "@acteon/state-memory";
import { writeFile } from "node:fs/promises";
import type { Round } from "./figure.ts";
import { BatchOfInputs, expectedOutcomes, roadRules } from "./workload.ts";

export interface RoadOptions {
  readonly state: "memory" | "embedded";
  readonly audit: boolean;
  readonly sync?: boolean;
  /** Actions in one call: 100 through `dispatchBatch`, 1 through `dispatch`. */
  readonly batch: number;
  readonly inFlight: number;
  readonly actions: number;
}

/** One round of the road in this process: actions a second, checked against what the input says. */
export async function inProcessRound(options: RoadOptions): Promise<Round> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    return await roundIn(directory, options);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function roundIn(directory: string, options: RoadOptions): Promise<Round> {
  const audit = await openAudit(directory, options);
  const gateway = await open(directory, options, audit);
  const counts: Partial<Record<string, number>> = {};
  const count = (outcome: ActionOutcome): void => void (counts[outcome.kind] = (counts[outcome.kind] ?? 0) + 1);
  const warmUp = Math.min(60_000, Math.ceil(options.actions / 400) * 100);
  await run(gateway, options, 0, warmUp, count);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(gateway, options, warmUp, warmUp + options.actions, count);
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const total = warmUp + options.actions;
  check(counts, gateway, total);
  if (audit !== undefined) await checkTrail(gateway, audit, total);
  await gateway[Symbol.asyncDispose]();
  await audit?.[Symbol.asyncDispose]();
  return { value: options.actions / seconds, cpuMicros: (user + system) / options.actions };
}

async function run(
  gateway: Gateway,
  { batch, inFlight }: RoadOptions,
  from: number,
  to: number,
  count: (outcome: ActionOutcome) => void,
): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    const inputs = new BatchOfInputs(batch);
    while (next < to) {
      const at = next;
      next += batch;
      const filled = inputs.fill(at);
      if (batch === 1) {
        count(await gateway.dispatch(filled[0] as (typeof filled)[number]));
        continue;
      }
      for (const result of await gateway.dispatchBatch(filled)) {
        if (result.kind === "refused") throw result.error;
        count(result.outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function openAudit(directory: string, { audit }: RoadOptions): Promise<AuditStore | undefined> {
  if (!audit) return undefined;
  return openSqliteAudit({ path: join(directory, "audit.db") });
}

async function open(directory: string, options: RoadOptions, audit: AuditStore | undefined): Promise<Gateway> {
  const rules = join(directory, "road.yaml");
  await writeFile(rules, roadRules);
  const engine = new RuleEngine({ frontEnds: [yamlFrontEnd] });
  const loaded = await engine.loadFile(rules);
  if (loaded.kind === "rejected") throw new Error(loaded.diagnostics.map(({ summary }) => summary).join("; "));
  const clock = systemClock;
  const signal = new AbortController().signal;
  const state =
    options.state === "memory"
      ? openMemoryState({ clock })
      : await openEmbeddedState({ path: join(directory, "state"), sync: options.sync ?? false, clock, signal });
  const ports = { http: noHttp, clock, random: systemRandom, print: () => undefined };
  return assembleGateway({
    state,
    rules: { current: () => engine.current(), reload: () => Promise.resolve({ rules: 20 }) },
    providers: ["console", "backup"].map((name) => logProvider.open({}, { ...ports, name })),
    audit,
    settings: { maxInFlight: 20_000 },
    executor: { maxConcurrent: 1_000 },
  });
}

const noHttp = {
  endpoint(): never {
    throw new TypeError("this provider sends nothing");
  },
};

function check(counts: Partial<Record<string, number>>, gateway: Gateway, total: number): void {
  const expected = expectedOutcomes(total);
  for (const [kind, count] of Object.entries(expected)) {
    if ((counts[kind] ?? 0) !== count) throw new Error(`${kind}: ${counts[kind] ?? 0} outcomes, expected ${count}`);
  }
  const executed = (counts["executed"] ?? 0) + (counts["rerouted"] ?? 0);
  const locks = gateway.metrics().counters["locksTaken"];
  if (locks !== executed) throw new Error(`${locks} locks for ${executed} executed actions`);
}

/** No record lost: all found by a query within 10 s after the clock stopped. */
async function checkTrail(gateway: Gateway, audit: AuditStore, total: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  let found = 0;
  while (performance.now() < deadline) {
    ({ total: found = 0 } = await audit.query({}, { limit: 1 }));
    if (found === total) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${found} of ${total} audit records found, ${gateway.metrics().audit.dropped} dropped`);
}
