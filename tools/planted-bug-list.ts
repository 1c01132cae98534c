/** A classical mistake, and the tests that must notice it. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const gateway = "packages/gateway/src";
const simulation = {
  tests: ["packages/gateway/test/simulation.test.ts", "packages/gateway/test/dispatch.test.ts"],
  environment: { ACTEON_SIMULATION_SEEDS: "120" },
};

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "mark before send",
    file: `${gateway}/claim.ts`,
    find: "if (recorded) {\n    dispatch.executionKey",
    replace: "if (recorded && dispatch.gates.length === 0) {\n    dispatch.executionKey",
    ...simulation,
  },
  {
    name: "key kept on failure",
    file: `${gateway}/stages/close.ts`,
    find: `if (ending.kind === "failed") return { op: "delete", key: entry };`,
    replace: "",
    ...simulation,
  },
  {
    name: "token not compared",
    file: `${gateway}/stages/close.ts`,
    find: `[{ op: "delete", key, expected }]`,
    replace: `[{ op: "delete", key }]`,
    ...simulation,
  },
  {
    name: "a new idempotency key after take-over",
    file: `${gateway}/stages/recover.ts`,
    find: "new Dispatch(record.execution,",
    replace: "new Dispatch(ports.random.uuid(),",
    ...simulation,
  },
  {
    name: "audit after failure is lost",
    file: `${gateway}/sweep.ts`,
    find: "await this.#writePendingAudit();",
    replace: "",
    ...simulation,
  },
  {
    name: "counter charged twice",
    file: `${gateway}/claim.ts`,
    find: "delta: 1,",
    replace: "delta: 2,",
    ...simulation,
  },
  {
    name: "no answer taken for free",
    file: `${gateway}/stages/open.ts`,
    find: "if (result === undefined) return ports.advance(dispatch, silence(dispatch, ports));\n  if (result.kind",
    replace: `if (result === undefined) {\n    lockTaken(dispatch, ports);\n    return ports.advance(dispatch, "execute");\n  }\n  if (result.kind`,
    ...simulation,
  },
  {
    name: "release without owner",
    file: "packages/state-memory/src/memory-state-store.ts",
    find: "lease.owner === owner && ",
    replace: "",
    tests: ["packages/state-memory/"],
  },
  {
    name: "no renewal",
    file: `${gateway}/lease-keeper.ts`,
    find: "else if (nowMs - dispatch.lockSentMs >= this.#leaseMs / 3) this.#extend(dispatch, nowMs);",
    replace: "",
    tests: ["packages/gateway/test/dispatch.test.ts"],
  },
  {
    name: "redirect followed",
    file: "providers/webhook/src/webhook-provider.ts",
    find: "return classify(reply, clock.nowMs());",
    replace: "return classify(reply.status < 400 ? { ...reply, status: 200 } : reply, clock.nowMs());",
    tests: ["providers/webhook/"],
  },
  {
    name: "key joined as it is",
    file: "packages/state/src/state-key.ts",
    find: "/${encodeComponent(first)}`",
    replace: "/${first}`",
    tests: ["packages/state/"],
  },
];
