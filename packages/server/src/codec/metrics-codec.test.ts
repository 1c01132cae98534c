import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TestGateway } from "../../test/test-gateway.ts";
import { metricsToPrometheus, metricsToWire } from "./metrics-codec.ts";

const metrics = new TestGateway().metrics();

describe("metrics", () => {
  test("as JSON have every counter, at 0 where nothing was counted", () => {
    const wire = metricsToWire({ ...metrics, counters: { executed: 3 } });
    expect(wire).toMatchObject({
      executed: 3,
      dispatched: 0,
      circuit_open: 0,
      replay_rejected: 0,
      signing_enabled: false,
    });
  });

  test("as text are a TYPE line before each series, and a line for each provider", () => {
    const text = metricsToPrometheus(metrics);
    expect(text).toContain("# TYPE acteon_actions_executed_total counter\nacteon_actions_executed_total 0\n");
    expect(text).toContain("# TYPE acteon_recurring_active gauge\nacteon_recurring_active 0\n");
    expect(text).toContain(
      '# TYPE acteon_provider_success_rate gauge\nacteon_provider_success_rate{provider="console"} 75\nacteon_provider_success_rate{provider="hook"} 100\n',
    );
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(/^(# TYPE \w+ (counter|gauge)|\w+(\{provider=".*"\})? [\d.]+)$/);
  });

  test("a provider's name breaks out of no label", () => {
    const odd = { ...metrics, providers: { 'a"b\\c\nd': metrics.providers["hook"]! } };
    expect(metricsToPrometheus(odd)).toContain('acteon_provider_requests_total{provider="a\\"b\\\\c\\nd"} 0\n');
  });

  const contract = new URL("../../../../../shared/wire-api.md", import.meta.url);

  test.runIf(existsSync(contract))("have every name of the contract", () => {
    const section = readFileSync(contract, "utf8").split("## 29. Health and metrics")[1]?.split("\n---")[0] ?? "";
    const [counters = "", series = ""] = section.split("`GET /metrics/prometheus`");
    const names = [...(counters.split("Counters (integers):")[1] ?? "").split("; bool")[0]!.matchAll(/`(\w+)`/g)].map(
      ([, name]) => name,
    );
    expect(names).toHaveLength(44);
    expect(Object.keys(metricsToWire(metrics))).toEqual(expect.arrayContaining(names));
    const text = metricsToPrometheus(metrics);
    const expected = [...series.matchAll(/`(acteon_\w+)(?:\{([\w,]+)\}(\w*))?(?:\{provider\})?`/g)].flatMap(
      ([, before = "", choices, after = ""]) => (choices ?? "").split(",").map((choice) => before + choice + after),
    );
    expect(expected.length).toBeGreaterThan(40);
    expect(expected.filter((name) => !new RegExp(`^${name}(\\{| )`, "m").test(text))).toEqual([]);
  });
});
