import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { smartReroute } from "../../../../rules/native/smart-reroute.ts";
import { createGateway } from "../index.ts";
import type { CreateGatewayOptions, ProviderResult } from "../index.ts";
import { temporaryFolder } from "../../test/acteon.ts";

/** What rules learn of a provider through a whole gateway: what its executor has seen. */

const answered: ProviderResult = { kind: "answered", response: { status: "success", body: null, headers: {} } };
const refused: ProviderResult = {
  kind: "rejected",
  failure: { code: "EXECUTION_FAILED", message: "no", retryable: false },
  retry: { kind: "never" },
};

/** A gateway whose `slack` takes as long as it is told, and says where an action goes. */
async function openGateway(rules: CreateGatewayOptions["rules"]) {
  const clock = createFakeClock();
  const slack = { latencyMs: 1, answer: answered };
  const waited = () => new Promise<void>((resolve) => clock.after(slack.latencyMs, resolve));
  const gateway = await createGateway({
    ...(rules === undefined ? {} : { rules }),
    clock,
    providers: {
      slack: { execute: () => waited().then(() => slack.answer) },
      "slack-backup": { execute: () => answered },
    },
  });
  return {
    slack,
    clock,
    async goesTo(): Promise<string> {
      const dispatched = gateway.dispatch({
        namespace: "ops",
        tenant: "shop",
        provider: "slack",
        actionType: "message",
        payload: {},
      });
      await clock.advanceAsync(slack.latencyMs);
      const outcome = await dispatched;
      return outcome.kind === "rerouted" ? outcome.to : outcome.kind;
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const rule = (condition: string): string =>
  `@rule(name = "leave-alone") @on(reroute, to = "slack-backup")\n${condition}\n`;

test.each([
  ["a native rule that waits for the answer", undefined],
  ["a rule in CEL", rule('action.provider == "slack" && env.health("slack").latency_p99 > duration("5s")')],
])("a provider that has become slow is rerouted by %s, and forgiven in time", async (_, cel) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "health.cel");
  if (cel !== undefined) await writeFile(file, cel);
  await using gateway = await openGateway(cel === undefined ? [smartReroute] : file);
  expect(await gateway.goesTo()).toBe("executed");
  gateway.slack.latencyMs = 6_000;
  expect(await gateway.goesTo()).toBe("executed"); // nothing was known of it
  expect(await gateway.goesTo()).toBe("slack-backup");
  gateway.slack.latencyMs = 1;
  await gateway.clock.advanceAsync(120_000);
  expect(await gateway.goesTo()).toBe("executed");
});

test("the failures of a provider are known to rules, and its breaker is closed", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "health.cel");
  const failing = 'env.health("slack").failure_rate > 0.5 || env.circuit_breaker("slack").is_open()';
  await writeFile(file, rule(`action.provider == "slack" && (${failing})`));
  await using gateway = await openGateway(file);
  gateway.slack.answer = refused;
  expect(await gateway.goesTo()).toBe("failed");
  expect(await gateway.goesTo()).toBe("slack-backup");
});
