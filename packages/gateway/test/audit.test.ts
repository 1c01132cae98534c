import { createAuditWriter, type AuditStore } from "@acteon/audit";
import { createMemoryAudit } from "@acteon/audit-memory";
import { AuditUnavailableError, ConfigurationError, systemClock } from "@acteon/core";
import { assembleGateway } from "@acteon/gateway";
import { openMemoryState } from "@acteon/state-memory";
import { expect, test } from "vitest";
import { dedupByKey, input, openTestGateway } from "./test-gateway.ts";

const signal = new AbortController().signal;

/** A trail that takes records and never says that they are durable, until it is told to. */
function stalled(): AuditStore & { resume(): void } {
  const store = createMemoryAudit();
  let resume = (): void => undefined;
  const gate = new Promise<void>((resolve) => (resume = resolve));
  return {
    append: async (records) => {
      await gate;
      await store.append(records);
    },
    query: (filter, page) => store.query(filter, page),
    get: (id, scope) => store.get(id, scope),
    removeBefore: (atMs) => store.removeBefore(atMs),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    resume: () => resume(),
  };
}

test("every outcome is in the trail, with its rule, file and line", async () => {
  const audit = createMemoryAudit();
  const gateway = openTestGateway({ audit: createAuditWriter({ store: audit, clock: systemClock }) });
  await gateway.dispatchBatch([input({ dedupKey: "k" }), input({ dedupKey: "k" }), input({ provider: "nowhere" })]);
  await gateway[Symbol.asyncDispose]();
  const { records } = await audit.query({}, { limit: 10 });
  expect(records.map(({ outcome }) => outcome.kind).toSorted()).toEqual(["deduplicated", "executed", "failed"]);
  expect(records.find(({ outcome }) => outcome.kind === "deduplicated")?.rule).toEqual({
    name: "test-rule",
    file: "rules/test.yaml",
    line: 3,
  });
});

test("with audit required even a plain action has a record before its call, and is refused once too many outcomes wait (G9)", async () => {
  const trail = stalled();
  const state = openMemoryState({ clock: systemClock });
  const gateway = openTestGateway({
    state,
    audit: createAuditWriter({ store: trail, clock: systemClock }),
    settings: { auditMode: "required", maxPendingAudit: 2 },
  });
  expect((await gateway.dispatch(input())).kind).toBe("executed");
  expect((await gateway.dispatch(input())).kind).toBe("executed");
  expect(await Array.fromAsync(state.scan({ kind: "pending_audit" }, { signal }))).toHaveLength(2);
  await expect(gateway.dispatch(input())).rejects.toBeInstanceOf(AuditUnavailableError);
  trail.resume();
  await expect
    .poll(async () => (await Array.fromAsync(state.scan({ kind: "pending_audit" }, { signal }))).length)
    .toBe(0);
  expect((await gateway.dispatch(input())).kind).toBe("executed");
  await gateway[Symbol.asyncDispose]();
});

test("audit required over a store that forgets, or without a trail, does not start (G9)", () => {
  const settings = { auditMode: "required" } as const;
  const rules = { current: () => dedupByKey, reload: () => Promise.resolve({ rules: 1 }) };
  const parts = { state: openMemoryState({ clock: systemClock }), rules, providers: [], settings };
  expect(() => assembleGateway(parts)).toThrow(ConfigurationError);
  expect(() => assembleGateway({ ...parts, audit: createMemoryAudit() })).toThrow("not process");
});
