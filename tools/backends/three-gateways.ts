import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InProgressError, type ActionInput, type ActionOutcome } from "@acteon/core";
import { assembleGateway, type Gateway } from "@acteon/gateway";
import { RuleEngine } from "@acteon/rules";
import { yamlFrontEnd } from "@acteon/rules-yaml";
import type { StateStore } from "@acteon/state";
import { expect, test } from "vitest";
import { RecordingProvider, rejected, success } from "../../packages/gateway/test/test-gateway.ts";

const rate = 10;

const rules = `rules:
  - name: dedup-alerts
    when: { field: action.action_type, equals: alert }
    then:
      deduplicate: { key: "{{ action.dedup_key }}", window: 5m }
  - name: throttle-bursts
    when: { field: action.action_type, equals: burst }
    then:
      throttle: { rate: ${rate}, window: 60m }
`;

/** Three gateways, each with a client of its own, share a backend: what one of them would do once is done once. */
export function describeThreeGateways(connect: () => Promise<StateStore>): void {
  test("of equal actions that reach all three at once exactly one executes", async () => {
    await using house = await open(connect);
    const keys = Array.from({ length: 40 }, (_, i) => `alert-${i}`);
    const outcomes = await Promise.all(
      house.gateways.flatMap((gateway, g) =>
        keys.map((dedupKey) =>
          gateway.dispatch(input({ tenant: "dedup", id: `${dedupKey}-${g}`, actionType: "alert", dedupKey })),
        ),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ executed: keys.length, deduplicated: 2 * keys.length });
    expect(house.calls().toSorted()).toEqual(keys.toSorted());
  });

  test("a throttle rule counts over all three", async () => {
    await using house = await open(connect);
    const outcomes = await Promise.all(
      house.gateways.flatMap((gateway, g) =>
        Array.from({ length: 2 * rate }, (_, i) =>
          gateway.dispatch(input({ tenant: "throttle", id: `burst-${g}-${i}`, actionType: "burst" })),
        ),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ executed: rate, throttled: 5 * rate });
    expect(house.calls()).toHaveLength(rate);
  });

  test("L1, G7: one identity never runs in two of them at a time", async () => {
    const running = new Map<string, number>();
    const overlaps: string[] = [];
    await using house = await open(connect, async ({ id }) => {
      const others = running.get(id) ?? 0;
      if (others > 0) overlaps.push(id);
      running.set(id, others + 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.set(id, others);
    });
    const ids = Array.from({ length: 12 }, (_, i) => `order-${i}`);
    const outcomes = await Promise.all(
      house.gateways.flatMap((gateway) =>
        ids.map((id) => gateway.dispatch(input({ tenant: "identity", id, actionType: "order" }))),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ executed: 3 * ids.length });
    expect(overlaps).toEqual([]);
  });

  test("G5: a dedup key that an execution gave back in one of them is free in the others", async () => {
    let failing = true;
    await using house = await open(connect, () => failing);
    const [first, second, third] = house.gateways as [Gateway, Gateway, Gateway];
    const alert = (id: string) => input({ tenant: "given-back", id, actionType: "alert", dedupKey: "k" });
    expect(await first.dispatch(alert("a"))).toMatchObject({ kind: "failed" });
    failing = false;
    expect(await second.dispatch(alert("b"))).toMatchObject({ kind: "executed" });
    expect(await third.dispatch(alert("c"))).toMatchObject({ kind: "deduplicated" });
  });

  test("G5: one Idempotency-Key at all three executes once, and the others are told its answer or that it runs", async () => {
    await using house = await open(connect);
    const order = input({ tenant: "idempotent", id: "order", actionType: "order" });
    const answers = await Promise.allSettled(
      house.gateways.map((gateway) => gateway.dispatch(order, { idempotencyKey: "once" })),
    );
    for (const answer of answers)
      if (answer.status === "fulfilled") expect(answer.value).toMatchObject({ kind: "executed" });
      else expect(answer.reason).toBeInstanceOf(InProgressError);
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(house.calls()).toHaveLength(1);
  });
}

interface House extends AsyncDisposable {
  readonly gateways: readonly Gateway[];
  /** The dedup keys of what their providers were asked, all together; "" for none. */
  calls(): readonly string[];
}

/** @param during What an execution waits for; it fails if that says so. */
async function open(
  connect: () => Promise<StateStore>,
  during: (action: { readonly id: string }) => void | boolean | Promise<void> = () => undefined,
): Promise<House> {
  const engine = await loadRules();
  const providers = Array.from({ length: 3 }, () => new RecordingProvider());
  const gateways: Gateway[] = [];
  for (const provider of providers) {
    provider.answer = async (action) =>
      (await during(action)) === true ? rejected("EXECUTION_FAILED", false) : success;
    gateways.push(
      assembleGateway({
        state: await connect(),
        rules: { current: () => engine.current(), reload: () => Promise.resolve({ rules: 2 }) },
        providers: [provider],
        settings: patient,
      }),
    );
  }
  return {
    gateways,
    calls: () => providers.flatMap(({ calls }) => calls.map(({ action }) => action.dedupKey ?? "")),
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    },
  };
}

/** Who waits for an identity does so however long a busy machine takes for those before it. */
const patient = { waitMs: 60_000 };

async function loadRules(): Promise<RuleEngine> {
  const directory = mkdtempSync(join(tmpdir(), "acteon-rules-"));
  try {
    writeFileSync(join(directory, "three.yaml"), rules);
    const engine = new RuleEngine({ frontEnds: [yamlFrontEnd] });
    const loaded = await engine.loadFile(join(directory, "three.yaml"));
    if (loaded.kind === "rejected") throw new Error(loaded.diagnostics.map(({ summary }) => summary).join("; "));
    return engine;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function input(parts: Pick<ActionInput, "tenant" | "id" | "actionType" | "dedupKey">): ActionInput {
  return { namespace: "prod", provider: "console", payload: {}, ...parts };
}

function countKinds(outcomes: readonly ActionOutcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
