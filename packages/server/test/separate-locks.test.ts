import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ServerUnderTest } from "./server-under-test.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "acteon-locks-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** State in one embedded store, locks in another, and a rule that deduplicates everything. */
function configured(server: ServerUnderTest): string {
  server.writeRules(
    'rules:\n  - name: once\n    when: { field: action.tenant, equals: acme }\n    then: { deduplicate: { key: "{{ action.payload.n }}", window: 5m } }\n',
  );
  return server.config.replace(
    '[state]\nbackend = "memory"',
    `[state]\npath = "${folder}/state"\n[lock]\nbackend = "embedded"\npath = "${folder}/locks"\n[audit]\nenabled = false`,
  );
}

test("locks live in a store of their own, which the metrics show beside the state's", async () => {
  await using server = new ServerUnderTest();
  await server.start(configured(server));
  expect(await server.dispatch({ id: "a", payload: { n: 1 } })).toMatchObject({ body: { Executed: {} } });
  expect(await server.dispatch({ id: "b", payload: { n: 1 } })).toMatchObject({ body: "Deduplicated" });
  const metrics = (await server.get("/metrics")) as { readonly state: object; readonly lock: object };
  expect(metrics).toMatchObject({
    state: { backend: "embedded", errors: {} },
    lock: { backend: "embedded", errors: {}, calls: expect.any(Number) as number },
  });
  const text = await (await fetch(`${server.url}/metrics/prometheus`)).text();
  expect(text).toMatch(/^acteon_store_calls_total\{role="lock",backend="embedded"\} [1-9]/m);
});

test("two gateways on the same two stores deduplicate together", async () => {
  await using one = new ServerUnderTest();
  await using two = new ServerUnderTest();
  await one.start(configured(one));
  await two.start(configured(two));
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => [one, two][i % 2]!.dispatch({ id: `a-${i}`, payload: { n: i >> 2 } })),
  );
  const executed = answers.filter(({ body }) => typeof body === "object" && body !== null && "Executed" in body);
  expect(executed).toHaveLength(10);
  expect(one.lines.length + two.lines.length).toBe(10);
});
