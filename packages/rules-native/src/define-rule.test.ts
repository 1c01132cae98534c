import { createAction } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import type { NativeContext } from "@acteon/rules";
import { expect, test } from "vitest";

import { defineRule } from "./define-rule.ts";
import { rule } from "./rule-builder.ts";

const action = createAction(
  { id: "a-1", namespace: "ops", provider: "slack", actionType: "message", payload: {} },
  { clock: createFakeClock(), random: createSeededRandom(1) },
);

const context: NativeContext = {
  action,
  dedupKey: "a-1",
  env: {
    nowMs: 5_000,
    variables: { REGION: "eu" },
    health: {
      circuitOpen: (provider) => provider === "slack",
      latencyP99Ms: (provider) => (provider === "slack" ? 7_000 : undefined),
      failureRate: () => 0.5,
    },
  },
};

test("a rule has defaults for all but name and function", () => {
  expect(defineRule({ name: "r", evaluate: () => undefined })).toMatchObject({
    kind: "native",
    name: "r",
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    onError: "fail",
  });
});

test("a function sees the action, its dedup key, the time, variables and the health of providers", () => {
  const seen: unknown[] = [];
  const native = defineRule({
    name: "r",
    evaluate: ({ action, dedupKey, nowMs, env }) => {
      seen.push(action.provider, dedupKey, nowMs, env.variables["REGION"], env.health("slack"), env.health("sms"));
      return { kind: "reroute", to: "sms" };
    },
  });
  expect(native.evaluate(context)).toEqual({ kind: "reroute", to: "sms" });
  expect(seen).toEqual([
    "slack",
    "a-1",
    5_000,
    "eu",
    { circuitOpen: true, latencyP99Ms: 7_000, failureRate: 0.5 },
    { circuitOpen: false, latencyP99Ms: undefined, failureRate: 0.5 },
  ]);
});

test("the smart reroute of the design document, in TypeScript", async () => {
  const findBestBackup = async (provider: string) => `${provider}-backup`;
  const smartReroute = defineRule({
    name: "smart-reroute",
    priority: 50,
    evaluate: async (ctx) => {
      const health = await ctx.env.healthCheck(ctx.action.provider);
      if ((health.latencyP99Ms ?? 0) > 5_000) return { kind: "reroute", to: await findBestBackup(ctx.action.provider) };
      return { kind: "allow" };
    },
  });
  await expect(smartReroute.evaluate(context)).resolves.toEqual({ kind: "reroute", to: "slack-backup" });
});

test("a rule cites the line on which it was defined", () => {
  const native = defineRule({ name: "r", evaluate: () => undefined });
  const built = rule("r").when().allow();
  const line = Number(/define-rule\.test\.ts:(\d+)/.exec(new Error("here").stack ?? "")?.[1]);
  expect(native.span).toMatchObject({
    file: expect.stringMatching(/^\/.*define-rule\.test\.ts$/),
    start: { line: line - 2 },
  });
  expect(built.span).toMatchObject({ file: native.span.file, start: { line: line - 1 } });
});

test("a rule that is none is a mistake of the program, told where it is made", () => {
  expect(() => defineRule({ name: "", evaluate: () => undefined })).toThrow(RangeError);
  expect(() => defineRule({ name: "r", priority: 1.5, evaluate: () => undefined })).toThrow("1.5");
});
