import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LatencyHistogram, quantileMs } from "./latency-histogram.ts";
import { ProviderMeter } from "./provider-meter.ts";

describe("LatencyHistogram", () => {
  test("a quantile is above the latency it stands for, by at most 6.25 % or 1 µs", () => {
    const latencies = fc.array(fc.double({ min: 0, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, q) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.add(value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(q * values.length) - 1]!;
        const told = quantileMs(q, [histogram])!;
        expect(told).toBeGreaterThan(exact - 1e-9);
        expect(told).toBeLessThanOrEqual(Math.max(exact * 1.0625, exact + 0.001) + 0.001);
      }),
    );
  });

  test("an empty one has no quantile, and what is past 71 minutes counts as that", () => {
    const histogram = new LatencyHistogram();
    expect(quantileMs(0.99, [histogram])).toBeUndefined();
    histogram.add(1e12);
    expect(quantileMs(0.99, [histogram])).toBeCloseTo(4_294_967.296);
  });
});

describe("ProviderMeter", () => {
  test("counts, averages and quantiles are kept since the start, over any number of minutes", () => {
    const meter = new ProviderMeter();
    for (let i = 0; i < 100; i++)
      meter.record(10, i % 4 === 0 ? "TIMEOUT: no answer" : undefined, 1_000 + i, i * 7_000);
    const stats = meter.stats();
    expect(stats).toMatchObject({ requests: 100, successes: 75, failures: 25, avgLatencyMs: 10 });
    expect(stats).toMatchObject({ lastRequestAtMs: 1_099, lastError: "TIMEOUT: no answer" });
    expect(stats.p50LatencyMs).toBeCloseTo(10, 0);
    expect(stats.p99LatencyMs).toBe(stats.p50LatencyMs);
  });

  test("rules see the last one to two minutes, and a provider left alone is forgiven", () => {
    const meter = new ProviderMeter();
    meter.record(1_000, "down", 0, 0);
    meter.record(1, undefined, 0, 59_000);
    expect(meter.failureRate(59_000)).toBe(0.5);
    expect(meter.latencyP99Ms(59_000)).toBeGreaterThan(900);
    expect(meter.failureRate(61_000)).toBe(0.5); // the minute before still counts
    meter.record(1, undefined, 0, 100_000);
    expect(meter.failureRate(121_000)).toBe(0);
    expect(meter.latencyP99Ms(121_000)).toBeLessThan(2);
    expect(meter.failureRate(300_000)).toBe(0);
    expect(meter.latencyP99Ms(300_000)).toBeUndefined();
    expect(meter.stats()).toMatchObject({ requests: 3, failures: 1 });
  });

  test("one that was never called has nothing to tell", () => {
    const meter = new ProviderMeter();
    expect(meter.failureRate(5)).toBe(0);
    expect(meter.latencyP99Ms(5)).toBeUndefined();
    expect(meter.stats()).toMatchObject({ requests: 0, avgLatencyMs: 0, p50LatencyMs: 0, lastRequestAtMs: undefined });
  });
});
