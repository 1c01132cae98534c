import { evaluatePlan, fixedStatePort, RuleEngine, settleDecision } from "@acteon/rules";
import type { NativeRule, Rule } from "@acteon/rules";
import { actionOf, atOnceMs, fastestOf } from "@acteon/rules/conformance";
import { afterAll, expect, test } from "vitest";
import { ruleLanguages } from "../src/wiring/rule-languages.ts";
import { hostilePayload, hostileRules } from "./hostile-rules.ts";
import type { HostileRule } from "./hostile-rules.ts";

/** No rule, however hostile, keeps the event loop for longer than a moment (guarantees S9): read, loaded, or asked. */

const action = actionOf({ payload: hostilePayload });
const environment = {
  nowMs: Date.UTC(2026, 2, 1, 12),
  variables: {},
  health: { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 },
};
const state = fixedStatePort({ entries: new Map(), counters: new Map(), seen: new Map() }, environment.nowMs);

const languages = await Promise.all(ruleLanguages.map(({ open }) => open({})));

const worst = { ms: 0, says: "" };

function timed<T>(says: string, work: () => T): T {
  const results: T[] = [];
  noteMs(
    says,
    fastestOf(3, () => results.push(work())),
  );
  return results[0]!;
}

function noteMs(says: string, ms: number): void {
  if (ms > worst.ms) Object.assign(worst, { ms, says });
  expect(ms, says).toBeLessThan(atOnceMs);
}

function read({ says, written }: HostileRule): readonly (Rule | NativeRule)[] | undefined {
  if (typeof written === "function") return timed(`made: ${says}`, written);
  const [extension, source] = written;
  const language = languages.find(({ extensions }) => extensions.includes(extension))!;
  const parsed = timed(`read: ${says}`, () => language.parse(source, `hostile${extension}`));
  return parsed.kind === "parsed" ? parsed.rules : undefined;
}

async function load(says: string, rules: readonly (Rule | NativeRule)[] | undefined) {
  let engine = new RuleEngine({ frontEnds: languages });
  if (rules === undefined) return { engine, loaded: undefined };
  let loaded = await engine.loadNative(rules); // which also makes everything ready that is made once
  const start = process.threadCpuUsage();
  engine = new RuleEngine({ frontEnds: languages });
  loaded = await engine.loadNative(rules);
  const { user, system } = process.threadCpuUsage(start);
  noteMs(`loaded: ${says}`, (user + system) / 1_000);
  return { engine, loaded };
}

test.each(hostileRules.map((hostile) => [hostile.says, hostile] as const))("%s", async (says, hostile) => {
  const rules = read(hostile);
  const { engine, loaded } = await load(says, rules);
  expect(loaded?.kind ?? "rejected").toBe(hostile.ends === "refused" ? "rejected" : "loaded");
  if (hostile.ends === "refused") return;
  const plan = timed(`asked: ${says}`, () => engine.current().plan(action, environment));
  const settled = await settleDecision(await evaluatePlan(plan, action, state), action, state);
  expect(settled.verdict).toBe(hostile.ends);
});

test("nobody has put anything on a prototype", () => {
  expect({}).not.toHaveProperty("polluted");
});

afterAll(() => {
  process.stdout.write(`worst of ${hostileRules.length} hostile rules: ${worst.ms.toFixed(1)} ms, ${worst.says}\n`);
});
