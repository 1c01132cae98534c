import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { storesToPrometheus } from "../codec/store-metrics-codec.ts";
import { testMetrics } from "../../test/test-metrics.ts";
import { TestGateway } from "../../test/test-gateway.ts";
import { readConfig } from "./read-config.ts";
import { remoteStoreKeys } from "./store-schema.ts";

const page = readFileSync(new URL("../../../../docs/reference/state-backends.md", import.meta.url), "utf8");

describe("docs/reference/state-backends.md", () => {
  const examples = [...page.matchAll(/```toml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

  test.each(examples)("its example %# is a configuration", (text) => {
    expect(readConfig({ file: "example", text, environment: {} }).diagnostics).toEqual([]);
  });

  test("has an example of every store, and a row for every key", () => {
    for (const backend of ["redis", "postgres", "dynamodb", "etcd", "zookeeper"])
      expect(examples.some((text) => text.includes(`backend = "${backend}"`))).toBe(true);
    const { pool, ...keys } = remoteStoreKeys;
    const names = [...Object.keys(keys), ...Object.keys(pool.fields).map((name) => `pool.${name}`)];
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    for (const name of names)
      expect(
        rows.some((row) => row.split(" | ")[0]?.includes(`\`${name}\``)),
        name,
      ).toBe(true);
  });

  test("names every series of a store", () => {
    const series = storesToPrometheus(testMetrics(new TestGateway()).stores).flatMap(
      (line) => /^# TYPE (\w+) /.exec(line)?.slice(1) ?? [],
    );
    expect(series.length).toBeGreaterThan(5);
    for (const name of series) {
      const [, stem = "", last = ""] = /^(.*_connections)(_\w+)$/.exec(name) ?? [];
      expect(page.includes(`\`${name}`) || (page.includes(`\`${stem}_`) && page.includes(`\`${last}\``)), name).toBe(
        true,
      );
    }
  });
});
