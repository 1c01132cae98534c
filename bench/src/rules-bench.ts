import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createAction, systemClock, systemRandom, type Action } from "@acteon/core";
import { RuleEngine, watchRules, type RuleEnvironment } from "@acteon/rules";
import { yamlFrontEnd } from "@acteon/rules-yaml";
import type { Round } from "./figure.ts";

export const environment: RuleEnvironment = {
  nowMs: Date.UTC(2026, 0, 1),
  health: { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 },
  variables: {},
};

/** A gateway's mix: by provider and type, by tenant, by payload; a tenth of them under a key of state. */
function rule(n: number, reason = "quiet"): string {
  const condition = [
    `        - field: action.tenant\n          equals: tenant-${n % 200}\n        - field: action.payload.service\n          equals: service-${n % 1_000}`,
    `        - field: action.provider\n          equals: provider-${n % 50}\n        - field: action.payload.severity\n          in: [low, info]\n        - field: action.payload.count\n          greater_than: ${n}`,
    `        - field: action.action_type\n          equals: type-${n % 100}\n        - field: action.payload.host\n          starts_with: host-${n}-`,
  ][n % 3] as string;
  const verdict =
    n % 10 === 0
      ? `      deduplicate:\n        key: "{{ action.payload.service }}-${n}"\n        window: 5m`
      : `      suppress:\n        reason: ${reason}`;
  return `  - name: rule-${n}\n    priority: ${n % 100}\n    when:\n      all:\n${condition}\n    then:\n${verdict}\n`;
}

function actions(): Action[] {
  return Array.from({ length: 2_000 }, (_, n) =>
    createAction(
      {
        namespace: "prod",
        tenant: `tenant-${n % 200}`,
        provider: `provider-${n % 50}`,
        actionType: `type-${n % 100}`,
        payload: {
          service: `service-${(n * 7) % 1_000}`,
          severity: n % 3 === 0 ? "info" : "critical",
          host: `host-${n}-a`,
          count: n % 90,
        },
      },
      { clock: systemClock, random: systemRandom },
    ),
  );
}

async function writeRules(directory: string, count: number, perFile: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (let file = 0; file * perFile < count; file++) {
    const rules = Array.from({ length: Math.min(perFile, count - file * perFile) }, (_, i) => rule(file * perFile + i));
    await writeFile(join(directory, `rules-${String(file).padStart(4, "0")}.yaml`), `rules:\n${rules.join("")}`);
  }
}

/** p50 of one evaluation at so many rules, µs; the two clock readings around it, some 0.1 µs, are in it. */
export async function evaluationRound(count: number): Promise<Round> {
  return withGatewayMix(count, async (open, some) => {
    const set = (await open()).current();
    const samples: number[] = [];
    for (let round = 0; round < 60; round++) {
      for (const action of some) {
        const started = performance.now();
        set.plan(action, environment);
        if (round >= 20) samples.push((performance.now() - started) * 1_000);
      }
    }
    samples.sort((a, b) => a - b);
    return { value: samples[Math.floor(samples.length / 2)] ?? NaN };
  });
}

export interface ReloadTimes {
  readonly loadMs: number;
  readonly editMs: number;
  readonly pauseMs: number;
}

/** 10,000 YAML rules in 1,000 files under a stream of evaluations: all loaded anew, one file edited, the longest pause. */
export async function reloadRound(): Promise<ReloadTimes> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    await writeRules(directory, 10_000, 10);
    const engine = await RuleEngine.fromDirectory(directory, { frontEnds: [yamlFrontEnd] });
    const some = actions();
    const stop = new AbortController();
    let evaluated = 0;
    const evaluating = (async () => {
      while (!stop.signal.aborted) {
        for (let i = 0; i < 50; i++) engine.current().plan(some[evaluated++ % some.length] as Action, environment);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const fresh = new RuleEngine({ frontEnds: [yamlFrontEnd] });
    const started = performance.now();
    const loaded = await fresh.loadDirectory(directory);
    const loadMs = performance.now() - started;
    if (loaded.kind === "rejected") throw new Error(loaded.diagnostics[0]?.summary);
    const editMs = await edit(engine, directory);
    delay.disable();
    stop.abort();
    await evaluating;
    return { loadMs, editMs, pauseMs: delay.max / 1e6 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** From the write of one file to the moment when the set in force is another one. */
async function edit(engine: RuleEngine, directory: string): Promise<number> {
  const watching = new AbortController();
  const watcher = watchRules(engine, directory, {
    onLoaded: () => undefined,
    onRejected: (diagnostics) => watching.abort(new Error(diagnostics[0]?.summary)),
    signal: watching.signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the watches are set by then, and nobody tells when
  const before = engine.current().hash;
  const rules = Array.from({ length: 10 }, (_, i) => rule(4_200 + i, "changed"));
  const started = performance.now();
  await writeFile(join(directory, "rules-0420.yaml"), `rules:\n${rules.join("")}`);
  while (engine.current().hash === before) {
    watching.signal.throwIfAborted();
    if (performance.now() - started > 10_000) throw new Error("the edit never came into force");
    await new Promise((resolve) => setImmediate(resolve));
  }
  const editMs = performance.now() - started;
  watching.abort();
  await watcher;
  return editMs;
}

/** So many rules of a gateway's mix, to be loaded, and actions for them. */
export async function withGatewayMix(
  count: number,
  use: (open: () => Promise<RuleEngine>, actions: readonly Action[]) => Promise<Round>,
): Promise<Round> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    await writeRules(directory, count, 10);
    return await use(() => RuleEngine.fromDirectory(directory, { frontEnds: [yamlFrontEnd] }), actions());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
