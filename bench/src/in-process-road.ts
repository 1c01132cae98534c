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
import type { StateStore } from "@acteon/state";
import { openEmbeddedState } from "@acteon/state-embedded";
import { openMemoryState } from "@acteon/state-memory";
import { writeFile } from "node:fs/promises";
import type { Round } from "./figure.ts";
import { BatchOfInputs, expectedOutcomes, roadRules } from "./workload.ts";

export interface RoadOptions {
  readonly state: "memory" | "embedded" | (() => Promise<StateStore>);
  readonly audit: boolean;
  readonly sync?: boolean;
  /** Actions in one call: 100 through `dispatchBatch`, 1 through `dispatch`. */
  readonly batch: number;
  readonly inFlight: number;
  readonly actions: number;
}

/** A gateway under the rules of the road, which takes the actions of the workload in their order and counts what became of them. */
export interface Road {
  /** The next `count` actions, in calls of `batch` with so many in flight. */
  run(count: number): Promise<void>;
  /** The next call, alone. */
  call(): Promise<void>;
}

/** One round of the road in this process: actions a second, checked against what the input says. */
export function inProcessRound(options: RoadOptions): Promise<Round> {
  return onRoad(options, async (road) => {
    await road.run(Math.min(60_000, Math.ceil(options.actions / 400) * 100));
    const cpu = process.cpuUsage();
    const started = performance.now();
    await road.run(options.actions);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return { value: options.actions / seconds, cpuMicros: (user + system) / options.actions };
  });
}

/** @throws {Error} What became of the actions is not what the input says. */
export async function onRoad<T>(options: RoadOptions, use: (road: Road) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    const audit = await openAudit(directory, options);
    const gateway = await open(directory, options, audit);
    const road = new CountingRoad(gateway, options);
    const result = await use(road);
    road.check();
    if (audit !== undefined) await checkTrail(gateway, audit, road.total);
    await gateway[Symbol.asyncDispose]();
    await audit?.[Symbol.asyncDispose]();
    return result;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

class CountingRoad implements Road {
  readonly #gateway: Gateway;
  readonly #batch: number;
  readonly #inFlight: number;
  readonly #counts: Partial<Record<string, number>> = {};
  /** Inputs that no call uses just now. */
  readonly #inputs: BatchOfInputs[] = [];
  total = 0;

  constructor(gateway: Gateway, { batch, inFlight }: Pick<RoadOptions, "batch" | "inFlight">) {
    this.#gateway = gateway;
    this.#batch = batch;
    this.#inFlight = inFlight;
  }

  async run(count: number): Promise<void> {
    const to = this.total + count;
    const worker = async (): Promise<void> => {
      while (this.total < to) await this.call();
    };
    await Promise.all(Array.from({ length: this.#inFlight }, worker));
  }

  async call(): Promise<void> {
    const inputs = this.#inputs.pop() ?? new BatchOfInputs(this.#batch);
    const at = this.total;
    this.total += this.#batch;
    const filled = inputs.fill(at);
    if (this.#batch === 1) this.#count(await this.#gateway.dispatch(filled[0] as (typeof filled)[number]));
    else
      for (const result of await this.#gateway.dispatchBatch(filled)) {
        if (result.kind === "refused") throw result.error;
        this.#count(result.outcome);
      }
    this.#inputs.push(inputs);
  }

  #count({ kind }: ActionOutcome): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }

  check(): void {
    check(this.#counts, this.#gateway, this.total);
  }
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
  const state = await openState(options, join(directory, "state"));
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

function openState({ state, sync = false }: RoadOptions, path: string): StateStore | Promise<StateStore> {
  const clock = systemClock;
  if (state === "memory") return openMemoryState({ clock });
  if (state !== "embedded") return state();
  return openEmbeddedState({ path, sync, clock, signal: new AbortController().signal });
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
