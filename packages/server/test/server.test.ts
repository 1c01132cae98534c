import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionOutcome } from "@acteon/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkConfig } from "../src/config/load-config.ts";
import type { Logger } from "../src/log/logger.ts";
import { silentLogger } from "../src/log/logger.ts";
import type { LocalServer, ServerOptions } from "../src/server.ts";
import { startServer } from "../src/server.ts";
import { startFailureOf } from "../src/start-failure.ts";
import type { RulesEvent } from "../src/wiring/hot-rules.ts";
import { wireAction } from "./actions.ts";

let directory: string;
let server: LocalServer | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "acteon-server-"));
  writeRules(rule("quiet", "suppress"));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(directory, { recursive: true });
});

function rule(name: string, verdict: string): string {
  return `rules:\n  - name: ${name}\n    when:\n      field: action.action_type\n      equals: noise\n    then: ${verdict}\n`;
}

/** In one step, as editors do. */
function writeRules(text: string): void {
  writeFileSync(join(directory, "new"), text);
  renameSync(join(directory, "new"), join(directory, "rules.yaml"));
}

const base = (): string => `
[server]
port = 0
drain_delay_ms = 0
shutdown_timeout_seconds = 5
[state]
backend = "memory"
[rules]
directory = "${directory}"
[providers.console]
`;

async function start(text = base(), options: Partial<ServerOptions> = {}): Promise<LocalServer> {
  const loaded = await checkConfig({ file: "acteon.toml", text, environment: {} });
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics));
  const { config } = loaded;
  return (server = await startServer({
    config,
    environment: {},
    logger: silentLogger,
    print: () => undefined,
    ...options,
  }));
}

async function dispatch(
  changes: Parameters<typeof wireAction>[0] = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const reply = await fetch(`${server?.url}/v1/dispatch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(wireAction(changes)),
  });
  return { status: reply.status, body: await reply.json() };
}

async function getJson(path: string): Promise<unknown> {
  return (await fetch(`${server?.url}${path}`)).json();
}

describe("a server over its real parts", () => {
  test("an action is executed, printed and found in the trail", async () => {
    const lines: string[] = [];
    await start(base(), { print: (line) => lines.push(line) });
    expect(await dispatch()).toMatchObject({ status: 200, body: { Executed: { status: "success" } } });
    expect(lines).toEqual([expect.stringContaining("a-1")]);
    await expect
      .poll(() => getJson("/v1/audit?action_id=a-1"))
      .toMatchObject({
        total: 1,
        records: [{ action_id: "a-1", outcome: "executed", verdict: "allow", matched_rule: null }],
      });
    expect(await getJson("/v1/audit/a-1")).toMatchObject({ outcome_details: { status: "Success" }, caller_id: "" });
  });

  test("row 23: an unknown provider is an outcome, and no list of others", async () => {
    await start();
    const { status, body } = await dispatch({ provider: "nobody" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Failed: { code: "PROVIDER_NOT_FOUND", retryable: false, attempts: 0 } });
    expect(JSON.stringify(body)).not.toContain("console");
  });

  test("rules decide, and what they decided is counted", async () => {
    await start();
    expect((await dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "quiet" } });
    expect(await getJson("/metrics")).toMatchObject({
      dispatched: 1,
      suppressed: 1,
      executed: 0,
      signing_enabled: false,
    });
    const text = await (await fetch(`${server?.url}/metrics/prometheus`)).text();
    expect(text).toContain("\nacteon_actions_suppressed_total 1\n");
    expect(text).toContain('acteon_provider_requests_total{provider="console"} 0');
  });

  test("dry_run tells what would be", async () => {
    await start();
    const reply = await fetch(`${server?.url}/v1/dispatch?dry_run=true`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wireAction({ action_type: "noise" })),
    });
    expect(await reply.json()).toEqual({
      DryRun: { verdict: "suppress", matched_rule: "quiet", would_be_provider: "console" },
    });
  });

  test("a rule that is edited is in force at once; a mistake leaves the old ones, and is told", async () => {
    const events: RulesEvent[] = [];
    await start(base(), { onRules: (event) => events.push(event) });
    writeRules(rule("renamed", "deny"));
    await expect
      .poll(async () => (await dispatch({ action_type: "noise" })).body)
      .toEqual({ Suppressed: { rule: "renamed" } });
    writeRules("rules:\n  - nam: x\n");
    await expect.poll(() => events.at(-1)?.kind).toBe("rejected");
    expect((await dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "renamed" } });
  });

  test("a rule is listed, disabled and enabled by its name", async () => {
    await start();
    expect(await getJson("/v1/rules")).toMatchObject([
      { name: "quiet", priority: 0, enabled: true, description: null },
    ]);
    const put = async (name: string, body: string): Promise<Response> =>
      fetch(`${server?.url}/v1/rules/${name}/enabled`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body,
      });
    expect(await (await put("quiet", '{"enabled":false}')).json()).toEqual({
      name: "quiet",
      enabled: false,
      status: "disabled",
    });
    expect((await dispatch({ action_type: "noise" })).body).toMatchObject({ Executed: {} });
    expect((await put("nobody", '{"enabled":true}')).status).toBe(404);
    expect((await put("quiet", "{}")).status).toBe(422);
  });

  test("rules are reloaded with or without a body, and only from their own directory", async () => {
    await start(`${base()}`.replace("[rules]", "[rules]\nwatch = false"));
    const reload = async (body?: string): Promise<Response> =>
      fetch(`${server?.url}/v1/rules/reload`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body }),
      });
    writeRules(rule("other", "deny"));
    expect(await (await reload()).json()).toEqual({ reloaded: 1, loaded: 1, directory, errors: [] });
    expect((await dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "other" } });
    expect((await reload(JSON.stringify({ directory }))).status).toBe(200);
    expect((await reload('{"directory":"/etc"}')).status).toBe(400);
    expect((await reload(JSON.stringify({ directory: join(directory, "none") }))).status).toBe(400);
  });

  test("row 57: a reload with an error in a file is 422 with every finding, and the old rules stay", async () => {
    await start(`${base()}`.replace("[rules]", "[rules]\nwatch = false"));
    writeRules("rules:\n  - nam: x\n");
    const reply = await fetch(`${server?.url}/v1/rules/reload`, { method: "POST" });
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({
      code: "rules_rejected",
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          code: expect.stringMatching(/^ACT-R/) as string,
          severity: "error",
          span: expect.any(Object) as object,
        }),
      ]) as unknown,
    });
    expect((await dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "quiet" } });
  });

  test("the playground says why, over the state that it is given", async () => {
    await start();
    const evaluate = async (body: object): Promise<unknown> => {
      const reply = await fetch(`${server?.url}/v1/rules/evaluate`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ namespace: "a", tenant: "b", provider: "console", payload: {}, ...body }),
      });
      return reply.json();
    };
    expect(await evaluate({ action_type: "noise", evaluate_at: "2026-03-01T09:30:00+01:00" })).toMatchObject({
      verdict: "suppress",
      matched_rule: "quiet",
      has_errors: false,
      total_rules_evaluated: 1,
      total_rules_skipped: 0,
      trace: [{ rule_name: "quiet", result: "matched", action: "suppress", enabled: true }],
      context: { time: { hour: 8, minute: 30, weekday: "Sunday", weekday_num: 7 }, environment_keys: [] },
    });
    const none = (await evaluate({ action_type: "other" })) as {
      readonly trace: readonly { readonly rule_name: string }[];
    };
    expect(none).toMatchObject({ verdict: "allow" });
    expect(none).not.toHaveProperty("matched_rule");
    expect(none.trace.at(-1)).toMatchObject({
      rule_name: "(default fallthrough)",
      priority: 2_147_483_647,
      source: "System",
    });
    expect(await evaluate({ action_type: "x", mock_state: { a: 1 } })).toMatchObject({
      code: "invalid_type",
      pointer: "/mock_state/a",
    });
  });
});

describe("guarantees G5 over HTTP", () => {
  const keyed = async (key: string, changes: Parameters<typeof wireAction>[0] = {}): Promise<readonly unknown[]> => {
    const reply = await fetch(`${server?.url}/v1/dispatch`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(wireAction(changes)),
    });
    return [reply.status, reply.headers.get("idempotency-replayed"), await reply.json()];
  };
  const executed = { Executed: expect.objectContaining({ status: "success" }) as unknown };

  test("rows 19, 21: a repeat is answered from the store and says so; another request under the key is refused", async () => {
    const lines: string[] = [];
    await start(base(), { print: (line) => lines.push(line) });
    expect(await keyed("k")).toEqual([200, null, executed]);
    expect(await keyed("k")).toEqual([200, "true", executed]);
    expect(lines).toHaveLength(1);
    expect(await keyed("k", { payload: { other: true } })).toEqual([
      422,
      null,
      expect.objectContaining({ code: "digest_mismatch" }),
    ]);
    expect(await keyed("another")).toEqual([200, null, executed]);
    expect(lines).toHaveLength(2);
  });

  test("row 21: the same id without a key runs again, and rules decide", async () => {
    const lines: string[] = [];
    await start(base(), { print: (line) => lines.push(line) });
    await dispatch();
    await dispatch();
    expect(lines).toHaveLength(2);
  });

  test("row 25: the same id twice in a batch is two results, one after the other", async () => {
    await start();
    const reply = await fetch(`${server?.url}/v1/dispatch/batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([wireAction(), wireAction(), wireAction({ id: "" })]),
    });
    expect(await reply.json()).toEqual([
      executed,
      executed,
      { error: expect.objectContaining({ code: "invalid_id" }) as unknown },
    ]);
  });

  test("a batch under a key is answered item by item from the store", async () => {
    const lines: string[] = [];
    await start(base(), { print: (line) => lines.push(line) });
    const send = async (items: readonly unknown[]): Promise<readonly unknown[]> => {
      const reply = await fetch(`${server?.url}/v1/dispatch/batch`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": "b" },
        body: JSON.stringify(items),
      });
      return [reply.headers.get("idempotency-replayed"), await reply.json()];
    };
    const items = [wireAction({ id: "1" }), wireAction({ id: "2" })];
    expect(await send(items)).toEqual([null, [executed, executed]]);
    expect(await send(items)).toEqual(["true", [executed, executed]]);
    // A bad item in front moves nobody: each is known by the index that it had.
    expect(await send([3, wireAction({ id: "2" })])).toEqual([
      "true",
      [{ error: expect.anything() as unknown }, executed],
    ]);
    expect(lines).toHaveLength(2);
  });

  test("a stream under the same key finds the answers of the batch", async () => {
    const lines: string[] = [];
    await start(base(), { print: (line) => lines.push(line) });
    const send = async (type: string, body: string): Promise<string> => {
      const headers = { "content-type": type, "idempotency-key": "s" };
      return (await fetch(`${server?.url}/v1/dispatch/batch`, { method: "POST", headers, body })).text();
    };
    const items = [wireAction({ id: "1" }), wireAction({ id: "2" })].map((item) => JSON.stringify(item));
    await send("application/json", `[${items.join(",")}]`);
    await send("application/x-ndjson", items.join("\n"));
    expect(lines).toHaveLength(2);
  });
});

describe("GET /v1/audit", () => {
  test("row 73: a cursor leads on; an altered one is refused; a limit is clamped", async () => {
    await start();
    for (const id of ["1", "2", "3"]) await dispatch({ id });
    await expect.poll(async () => ((await getJson("/v1/audit")) as { total: number }).total).toBe(3);
    const first = (await getJson("/v1/audit?limit=2")) as {
      readonly next_cursor: string;
      readonly records: readonly { readonly action_id: string }[];
    };
    expect(first).toMatchObject({ total: 3, limit: 2, offset: 0, records: [{ action_id: "3" }, { action_id: "2" }] });
    const second = await getJson(`/v1/audit?limit=2&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ records: [{ action_id: "1" }], offset: 0 });
    expect(second).not.toHaveProperty("total");
    expect(second).not.toHaveProperty("next_cursor");
    const altered = await fetch(`${server?.url}/v1/audit?cursor=${first.next_cursor.slice(0, -2)}xx`);
    expect([altered.status, await altered.json()]).toEqual([400, expect.objectContaining({ code: "invalid_cursor" })]);
    expect(await getJson("/v1/audit?limit=0")).toMatchObject({ limit: 1 });
    expect(await getJson("/v1/audit?limit=1000000000")).toMatchObject({ limit: 1_000 });
    expect(await getJson("/v1/audit?offset=1")).toMatchObject({
      offset: 1,
      records: [{ action_id: "2" }, { action_id: "1" }],
    });
  });

  test("filters are exact, by time too", async () => {
    await start();
    await dispatch({ id: "1" });
    await dispatch({ id: "2", action_type: "noise" });
    await expect.poll(async () => ((await getJson("/v1/audit")) as { total: number }).total).toBe(2);
    expect(await getJson("/v1/audit?outcome=suppressed&matched_rule=quiet")).toMatchObject({
      total: 1,
      records: [{ action_id: "2" }],
    });
    expect(await getJson("/v1/audit?tenant=acm")).toMatchObject({ total: 0 });
    expect(await getJson("/v1/audit?to=2020-01-01T00:00:00Z")).toMatchObject({ total: 0 });
    expect((await fetch(`${server?.url}/v1/audit?from=yesterday`)).status).toBe(422);
    expect((await fetch(`${server?.url}/v1/audit/nobody`)).status).toBe(404);
  });

  test("without a trail it is not there", async () => {
    await start(`${base()}[audit]\nenabled = false\n`);
    expect((await fetch(`${server?.url}/v1/audit`)).status).toBe(404);
  });
});

describe("guarantees O7", () => {
  const slow = (): string => base().replace("drain_delay_ms = 0", "drain_delay_ms = 400");

  test("a server that stops is not ready at once, serves on for a while and ends its connections, and is gone", async () => {
    const running = await start(slow());
    expect((await fetch(`${running.url}/ready`)).status).toBe(200);
    const stopping = running.stop();
    const ready = await fetch(`${running.url}/ready`);
    expect([ready.status, ready.headers.get("connection"), await ready.json()]).toEqual([
      503,
      "close",
      { status: "not ready", reasons: ["draining"] },
    ]);
    expect((await fetch(`${running.url}/live`)).status).toBe(200);
    expect((await dispatch()).status).toBe(200);
    await stopping;
    await expect(fetch(`${running.url}/live`)).rejects.toThrow("fetch failed");
  });

  test("what is in flight is finished", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const outcomes: ActionOutcome[] = [];
    const running = await start(base(), { print: () => resolve(), onRecord: ({ outcome }) => outcomes.push(outcome) });
    const answer = dispatch();
    await promise;
    await running.stop();
    expect((await answer).status).toBe(200);
    expect(outcomes).toMatchObject([{ kind: "executed" }]);
  });

  test("stopping twice is stopping once", async () => {
    const running = await start();
    expect(running.stop()).toBe(running.stop());
    await running.stop();
  });
});

describe("a server that cannot start", () => {
  const failure = async (text: string): Promise<{ readonly exitCode: number; readonly message: string }> => {
    try {
      await start(text);
    } catch (error) {
      return startFailureOf(error);
    }
    throw new Error("it started");
  };

  test("row 57: a rule file with an error is exit 2, with its findings", async () => {
    writeRules("rules:\n  - nam: x\n");
    expect(await failure(base())).toMatchObject({
      exitCode: 2,
      diagnostics: expect.arrayContaining([expect.anything()]) as unknown,
    });
  });

  test("row 66: a port in use is exit 7, and names the address", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { readonly port: number };
    const failed = await failure(base().replace("port = 0", `port = ${port}`));
    other.close();
    expect(failed).toMatchObject({ exitCode: 7, message: expect.stringContaining(`127.0.0.1:${port}`) as string });
  });

  test("a store weaker than state.require is exit 2", async () => {
    expect(await failure(base().replace('backend = "memory"', 'backend = "memory"\nrequire = "host"'))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("class process") as string,
    });
  });

  test("a missing auth.toml is exit 2", async () => {
    const text = `${base()}[auth]\nenabled = true\nconfig_path = "${join(directory, "auth.toml")}"\n`;
    expect(await failure(text)).toMatchObject({ exitCode: 2 });
  });

  test("it leaves nothing open", async () => {
    const events: string[] = [];
    const logger: Logger = { ...silentLogger, info: (event) => events.push(event) };
    writeRules("rules:\n  - nam: x\n");
    await expect(start(base(), { logger })).rejects.toThrow("rules rejected");
    expect(events).toEqual([]);
  });
});
