import { createServer } from "node:net";
import { join } from "node:path";
import type { ActionOutcome } from "@acteon/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Logger } from "../src/log/logger.ts";
import { silentLogger } from "../src/log/logger.ts";
import { startFailureOf } from "../src/start-failure.ts";
import type { RulesEvent } from "../src/wiring/hot-rules.ts";
import { wireAction } from "./actions.ts";
import { noiseRule, ServerUnderTest } from "./server-under-test.ts";

let server: ServerUnderTest;

beforeEach(() => {
  server = new ServerUnderTest();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe("a server over its real parts", () => {
  test("an action is executed, printed and found in the trail", async () => {
    await server.start();
    expect(await server.dispatch()).toMatchObject({ status: 200, body: { Executed: { status: "success" } } });
    expect(server.lines).toEqual([expect.stringContaining("a-1")]);
    await expect
      .poll(() => server.get("/v1/audit?action_id=a-1"))
      .toMatchObject({
        total: 1,
        records: [{ action_id: "a-1", outcome: "executed", verdict: "allow", matched_rule: null }],
      });
    expect(await server.get("/v1/audit/a-1")).toMatchObject({ outcome_details: { status: "Success" }, caller_id: "" });
  });

  test("row 23: an unknown provider is an outcome, and no list of others", async () => {
    await server.start();
    const { status, body } = await server.dispatch({ provider: "nobody" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ Failed: { code: "PROVIDER_NOT_FOUND", retryable: false, attempts: 0 } });
    expect(JSON.stringify(body)).not.toContain("console");
  });

  test("rules decide, and what they decided is counted", async () => {
    await server.start();
    expect((await server.dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "quiet" } });
    expect(await server.get("/metrics")).toMatchObject({
      dispatched: 1,
      suppressed: 1,
      executed: 0,
      signing_enabled: false,
    });
    const text = await (await fetch(`${server.url}/metrics/prometheus`)).text();
    expect(text).toContain("\nacteon_actions_suppressed_total 1\n");
    expect(text).toContain('acteon_provider_requests_total{provider="console"} 0');
  });

  test("dry_run tells what would be", async () => {
    await server.start();
    const reply = await fetch(`${server.url}/v1/dispatch?dry_run=true`, {
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
    await server.start(server.config, { onRules: (event) => events.push(event) });
    server.writeRules(noiseRule("renamed", "deny"));
    await expect
      .poll(async () => (await server.dispatch({ action_type: "noise" })).body)
      .toEqual({ Suppressed: { rule: "renamed" } });
    server.writeRules("rules:\n  - nam: x\n");
    await expect.poll(() => events.at(-1)?.kind).toBe("rejected");
    expect((await server.dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "renamed" } });
  });

  test("a rule is listed, disabled and enabled by its name", async () => {
    await server.start();
    expect(await server.get("/v1/rules")).toMatchObject([
      { name: "quiet", priority: 0, enabled: true, description: null },
    ]);
    const put = async (name: string, body: string): Promise<Response> =>
      fetch(`${server.url}/v1/rules/${name}/enabled`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body,
      });
    expect(await (await put("quiet", '{"enabled":false}')).json()).toEqual({
      name: "quiet",
      enabled: false,
      status: "disabled",
    });
    expect((await server.dispatch({ action_type: "noise" })).body).toMatchObject({ Executed: {} });
    expect((await put("nobody", '{"enabled":true}')).status).toBe(404);
    expect((await put("quiet", "{}")).status).toBe(422);
  });

  test("rules are reloaded with or without a body, and only from their own directory", async () => {
    await server.start(server.config.replace("[rules]", "[rules]\nwatch = false"));
    const reload = async (body?: string): Promise<Response> =>
      fetch(`${server.url}/v1/rules/reload`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body }),
      });
    server.writeRules(noiseRule("other", "deny"));
    expect(await (await reload()).json()).toEqual({ reloaded: 1, loaded: 1, directory: server.directory, errors: [] });
    expect((await server.dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "other" } });
    expect((await reload(JSON.stringify({ directory: server.directory }))).status).toBe(200);
    expect((await reload('{"directory":"/etc"}')).status).toBe(400);
    expect((await reload(JSON.stringify({ directory: join(server.directory, "none") }))).status).toBe(400);
  });

  test("row 57: a reload with an error in a file is 422 with every finding, and the old rules stay", async () => {
    await server.start(server.config.replace("[rules]", "[rules]\nwatch = false"));
    server.writeRules("rules:\n  - nam: x\n");
    const reply = await fetch(`${server.url}/v1/rules/reload`, { method: "POST" });
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
    expect((await server.dispatch({ action_type: "noise" })).body).toEqual({ Suppressed: { rule: "quiet" } });
  });

  test("the playground says why, over the state that it is given", async () => {
    await server.start();
    const evaluate = async (body: object): Promise<unknown> => {
      const reply = await fetch(`${server.url}/v1/rules/evaluate`, {
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
    expect(await evaluate({ action_type: 1, mock_state: { a: 1 }, evaluate_at: "x", evaluate_all: 1 })).toMatchObject({
      problems: [
        { pointer: "/action_type", code: "invalid_type" },
        { pointer: "/evaluate_at", code: "invalid_instant" },
        { pointer: "/mock_state/a", code: "invalid_type" },
        { pointer: "/evaluate_all", code: "invalid_type" },
      ],
    });
    expect(await evaluate({ action_type: "x", mock_state: { a: 1 } })).toMatchObject({
      code: "invalid_type",
      pointer: "/mock_state/a",
    });
  });

  test("the playground says of each rule what kept it from matching, or who was before it", async () => {
    await server.start(server.config.replace("[rules]", "[rules]\nwatch = false"));
    server.writeRules(`rules:
  - name: mails
    when: { all: [{ field: action.provider, equals: mail }, { field: action.payload.n, greater_than: 1 }] }
    then: deny
  - name: quiet
    when: { field: action.action_type, equals: noise }
    then: suppress
  - name: behind
    when: { all: [] }
    then: deny
`);
    await server.post("/v1/rules/reload", {});
    const reply = await server.post("/v1/rules/evaluate", wireAction({ action_type: "noise" }));
    expect(await reply.json()).toMatchObject({
      nearest_miss: "mails",
      trace: [
        {
          rule_name: "mails",
          result: "not_matched",
          why: "index",
          language: "yaml",
          wanted: [{ display: "action.provider", value: "console", wanted: ["mail"] }],
        },
        { rule_name: "quiet", clauses: [{ outcome: "true", line: 6, column: 40, values: [{ value: "noise" }] }] },
        { rule_name: "behind", skip_reason: "earlier_rule_matched", skipped_by: "quiet" },
      ],
    });
  });
});

describe("guarantees O7", () => {
  const slow = (): string => server.config.replace("drain_delay_ms = 0", "drain_delay_ms = 400");

  test("a server that stops is not ready at once, serves on for a while and ends its connections, and is gone", async () => {
    const running = await server.start(slow());
    expect((await fetch(`${running.url}/ready`)).status).toBe(200);
    const stopping = running.stop();
    const ready = await fetch(`${running.url}/ready`);
    expect([ready.status, ready.headers.get("connection"), await ready.json()]).toEqual([
      503,
      "close",
      { status: "not ready", reasons: ["draining"] },
    ]);
    expect((await fetch(`${running.url}/live`)).status).toBe(200);
    expect((await server.dispatch()).status).toBe(200);
    await stopping;
    await expect(fetch(`${running.url}/live`)).rejects.toThrow("fetch failed");
  });

  test("what is in flight is finished", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const outcomes: ActionOutcome[] = [];
    const running = await server.start(server.config, {
      print: () => resolve(),
      onRecord: ({ outcome }) => outcomes.push(outcome),
    });
    const answer = server.dispatch();
    await promise;
    await running.stop();
    expect((await answer).status).toBe(200);
    expect(outcomes).toMatchObject([{ kind: "executed" }]);
  });

  test("stopping twice is stopping once", async () => {
    const running = await server.start();
    expect(running.stop()).toBe(running.stop());
    await running.stop();
  });
});

describe("a server that cannot start", () => {
  const failure = async (text: string): Promise<{ readonly exitCode: number; readonly message: string }> => {
    try {
      await server.start(text);
    } catch (error) {
      return startFailureOf(error);
    }
    throw new Error("it started");
  };

  test("row 57: a rule file with an error is exit 2, with its findings", async () => {
    server.writeRules("rules:\n  - nam: x\n");
    expect(await failure(server.config)).toMatchObject({
      exitCode: 2,
      diagnostics: expect.arrayContaining([expect.anything()]) as unknown,
    });
  });

  test("row 66: a port in use is exit 7, and names the address", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { readonly port: number };
    const failed = await failure(server.config.replace("port = 0", `port = ${port}`));
    other.close();
    expect(failed).toMatchObject({ exitCode: 7, message: expect.stringContaining(`127.0.0.1:${port}`) as string });
  });

  test("a store weaker than state.require is exit 2", async () => {
    expect(
      await failure(server.config.replace('backend = "memory"', 'backend = "memory"\nrequire = "host"')),
    ).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("class process") as string,
    });
  });

  test("a missing auth.toml is exit 2", async () => {
    const text = `${server.config}[auth]\nenabled = true\nconfig_path = "${join(server.directory, "auth.toml")}"\n`;
    expect(await failure(text)).toMatchObject({ exitCode: 2 });
  });

  test("it leaves nothing open", async () => {
    const events: string[] = [];
    const logger: Logger = { ...silentLogger, info: (event) => events.push(event) };
    server.writeRules("rules:\n  - nam: x\n");
    await expect(server.start(server.config, { logger })).rejects.toThrow("rules rejected");
    expect(events).toEqual([]);
  });
});
