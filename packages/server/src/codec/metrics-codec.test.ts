import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TestGateway } from "../../test/test-gateway.ts";
import { testMetrics } from "../../test/test-metrics.ts";
import { metricsToPrometheus, metricsToWire } from "./metrics-codec.ts";

const metrics = testMetrics(new TestGateway());

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
      expect(line).toMatch(/^(# TYPE \w+ (counter|gauge|histogram)|\w+(\{(\w+="[^"]*",?)+\})? [\d.]+)$/);
  });

  test("the store's name, class, calls, errors, round trips and connections, as JSON", () => {
    expect(metricsToWire(metrics)["state"]).toEqual({
      backend: "redis",
      durability: "host",
      calls: 5,
      groups: 12,
      errors: { state_unavailable: 2 },
      round_trip_ms: {
        count: 3,
        sum: 7.7,
        p50: 0.5,
        p99: 10,
        buckets: expect.arrayContaining([
          { le: 0.25, count: 0 },
          { le: 0.5, count: 2 },
          { le: 5, count: 2 },
          { le: 10, count: 3 },
          { le: 5_000, count: 3 },
        ]) as unknown,
      },
      connections: { open: 2, busy: 1, waiting: 0, max: 10 },
    });
  });

  test("and as text, the round trips as a histogram", () => {
    const text = metricsToPrometheus(metrics);
    const store = 'role="state",backend="redis"';
    for (const line of [
      `acteon_store_info{${store},durability="host"} 1`,
      `acteon_store_calls_total{${store}} 5`,
      `acteon_store_errors_total{${store},code="state_unavailable"} 2`,
      `acteon_store_connections_busy{${store}} 1`,
      `acteon_store_round_trip_ms_bucket{${store},le="0.25"} 0`,
      `acteon_store_round_trip_ms_bucket{${store},le="0.5"} 2`,
      `acteon_store_round_trip_ms_bucket{${store},le="+Inf"} 3`,
      `acteon_store_round_trip_ms_count{${store}} 3`,
    ])
      expect(text).toContain(`\n${line}\n`);
  });

  test("a store without connections of its own has no lines of them", () => {
    const own = metrics.stores.map((store) => ({ ...store, connections: undefined }));
    expect(metricsToPrometheus({ ...metrics, stores: own })).not.toMatch(/^acteon_store_connections/m);
    expect(metricsToWire({ ...metrics, stores: own })["state"]).not.toHaveProperty("connections");
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
