import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import {
  DigestMismatchError,
  InProgressError,
  LockTimeoutError,
  OverloadedError,
  StateUnavailableError,
} from "@acteon/core";
import type { ActionOutcome } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import type { DispatchResult } from "@acteon/gateway";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wireAction, wireText } from "./actions.ts";
import { get, post, sendRaw } from "./raw-client.ts";
import { executed } from "./test-gateway.ts";
import type { TestServer } from "./test-server.ts";
import { startTestServer } from "./test-server.ts";

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

function outcome(of: ActionOutcome, replayed = false): DispatchResult {
  return { kind: "outcome", outcome: of, rule: undefined, replayed };
}

const deduplicated = outcome({ kind: "deduplicated", key: "k", originalAtMs: 0, expiresAtMs: undefined });
const executedText = '{"Executed":{"status":"success","body":{"provider":"console","logged":true},"headers":{}}}';

describe("POST /v1/dispatch", () => {
  test("an action in, its outcome out", async () => {
    const reply = await sendRaw(server.port, post("/v1/dispatch", wireText()));
    expect(reply).toMatchObject({ status: 200, body: executedText });
    expect(server.gateway.calls).toMatchObject([
      {
        actions: [{ id: "a-1", namespace: "alerts", tenant: "acme", actionType: "page", payload: { service: "api" } }],
        options: { single: true, caller: { id: "", method: "anonymous" } },
      },
    ]);
  });

  test("Deduplicated is a bare string", async () => {
    server.gateway.answer = () => deduplicated;
    expect((await sendRaw(server.port, post("/v1/dispatch", wireText()))).body).toBe('"Deduplicated"');
  });

  test("row 11: an integer beyond 2^53 keeps its digits", async () => {
    await sendRaw(server.port, post("/v1/dispatch", wireText().replace('"api"', "12345678901234567890")));
    expect(JSON.stringify(server.gateway.actions[0]?.payload)).toBe('{"service":12345678901234567890}');
  });

  test("both shapes of metadata are read, and an action without created_at is from now", async () => {
    const wrapped = wireText({ metadata: { labels: { a: "b" } }, created_at: undefined });
    await sendRaw(server.port, post("/v1/dispatch", wrapped));
    await sendRaw(server.port, post("/v1/dispatch", wireText({ metadata: { a: "b" } })));
    expect(server.gateway.actions.map(({ metadata }) => metadata)).toEqual([{ a: "b" }, { a: "b" }]);
    expect(Date.parse(server.gateway.actions[0]?.createdAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });

  test("row 18: all problems are told at once, with their pointers", async () => {
    const reply = await sendRaw(
      server.port,
      post("/v1/dispatch", wireText({ provider: 3, tenant: "a:b", payload: undefined })),
    );
    const { problems } = JSON.parse(reply.body) as { readonly problems: readonly { readonly pointer: string }[] };
    expect(problems.map(({ pointer }) => pointer).toSorted()).toEqual(["/payload", "/provider", "/tenant"]);
  });

  test.each(["application/json; charset=utf-8", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'])(
    "the content type %s is JSON",
    async (type) => {
      expect((await sendRaw(server.port, post("/v1/dispatch", wireText(), { "content-type": type }))).status).toBe(200);
    },
  );

  test("gzip and chunks are read", async () => {
    const gzipped = gzipSync(wireText());
    expect((await sendRaw(server.port, post("/v1/dispatch", gzipped, { "content-encoding": "gzip" }))).status).toBe(
      200,
    );
    const text = wireText();
    const [a, b] = [text.slice(0, 20), text.slice(20)];
    const chunked = [
      "POST /v1/dispatch HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
      `${a.length.toString(16)}\r\n${a}\r\n`,
      `${b.length.toString(16)}\r\n${b}\r\n0\r\n\r\n`,
    ];
    expect((await sendRaw(server.port, chunked, { pauseMs: 20 })).body).toBe(executedText);
  });

  test("100-continue is sent before the body is read, and not for a request that is refused", async () => {
    const [head = "", body = ""] = post("/v1/dispatch", wireText(), { expect: "100-continue" })
      .toString()
      .split(/(?<=\r\n\r\n)/);
    expect((await sendRaw(server.port, [head, body], { pauseMs: 20 })).body).toBe(executedText);
    const refused = await sendRaw(server.port, head.replace("application/json", "text/plain"), { closeWaitMs: 3_000 });
    expect(refused).toMatchObject({ status: 415, closed: true });
  });

  test("an absolute target of this host is a path", async () => {
    expect((await sendRaw(server.port, "GET http://A/live HTTP/1.1\r\nhost: a\r\n\r\n")).status).toBe(200);
  });

  test("dry_run, Idempotency-Key and the deadline reach the gateway", async () => {
    const clock = createFakeClock();
    await using other = await startTestServer({ clock });
    const headers = { "idempotency-key": "key-1", "x-request-timeout-ms": "1500" };
    await sendRaw(other.port, post("/v1/dispatch?dry_run=true", wireText(), headers));
    expect(other.gateway.calls[0]?.options).toMatchObject({ dryRun: true, idempotencyKey: "key-1", deadlineMs: 1_500 });
  });

  test("G5: a stored answer says that it is one", async () => {
    server.gateway.answer = () => ({ ...executed, replayed: true }) as DispatchResult;
    const reply = await sendRaw(server.port, post("/v1/dispatch", wireText(), { "idempotency-key": "k" }));
    expect(reply.headers["idempotency-replayed"]).toBe("true");
    expect(reply.body).toBe(executedText);
  });

  test.each([
    [new StateUnavailableError("redis:6379 is away"), 503, "state_unavailable", true, "1"],
    [new LockTimeoutError(5_000), 503, "lock_timeout", true, "1"],
    [new InProgressError(), 409, "in_progress", true, "1"],
    [new DigestMismatchError(0), 422, "digest_mismatch", false, undefined],
    [new OverloadedError("5000 in flight", { retryAfterMs: 1_500 }), 429, "overloaded", true, "2"],
  ])("%s is answered with its status, and when to come again", async (error, status, code, retryable, retryAfter) => {
    server.gateway.answer = () => ({ kind: "refused", error });
    const reply = await sendRaw(server.port, post("/v1/dispatch", wireText()));
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toMatchObject({ code, retryable, message: error.publicMessage });
    expect(reply.headers["retry-after"]).toBe(retryAfter);
    expect(reply.body).not.toContain("redis");
  });

  test("a fault of ours shows nothing but its id, and is logged under it", async () => {
    const logged: unknown[] = [];
    const logger = {
      error: (_event: string, fields: unknown) => logged.push(fields),
      warn: fail,
      info: fail,
      debug: fail,
    };
    await using other = await startTestServer({ logger });
    other.gateway.answer = () => Promise.reject(new Error("secret stack"));
    const reply = await sendRaw(other.port, post("/v1/dispatch", wireText(), { "x-request-id": "from-client" }));
    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.body)).toEqual({
      error: "internal error",
      code: "internal",
      message: "internal error",
      retryable: false,
      request_id: "from-client",
    });
    expect(logged).toMatchObject([{ requestId: "from-client" }]);
  });

  test("an answer that is no JSON is a fault of ours, and ends nothing but its request", async () => {
    server.gateway.answer = () =>
      outcome({
        kind: "executed",
        response: { status: "success", body: 1n as never, headers: {} },
        durationMs: 1,
        attempts: 1,
      });
    expect((await sendRaw(server.port, post("/v1/dispatch", wireText()))).status).toBe(500);
    expect((await sendRaw(server.port, post("/v1/dispatch/batch", `[${wireText()}]`))).status).toBe(500);
  });

  test("row 32: garbage behind an answered request is refused, and behind one under way never taken for its answer", async () => {
    const client = connect(server.port, "127.0.0.1");
    let received = "";
    client.on("data", (chunk: Buffer) => (received += chunk.toString()));
    client.on("error", () => undefined); // a reset
    client.write(get("/live"));
    await expect.poll(() => received).toContain('{"status":"ok"}');
    client.write("garbage\r\n\r\n");
    await expect.poll(() => received).toContain("HTTP/1.1 400");
    client.destroy();

    server.gateway.answer = () => new Promise(() => undefined);
    const other = connect(server.port, "127.0.0.1");
    let answer = "";
    other.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    other.on("error", () => undefined);
    const closed = new Promise((resolve) => other.once("close", resolve));
    other.write(`${post("/v1/dispatch", wireText()).toString()}garbage\r\n\r\n`);
    await closed;
    expect(answer).toBe("");
  });

  test("a request id that is not fit to be logged is replaced", async () => {
    const ids = await Promise.all(
      ["ok-1", "a b", "x".repeat(200), "\u00e9"].map(async (id) => {
        const reply = await sendRaw(server.port, get("/live", { "x-request-id": id }));
        return reply.headers["x-request-id"] === id;
      }),
    );
    expect(ids).toEqual([true, false, false, false]);
  });

  test("row 39: a client that leaves does not stop what is under way", async () => {
    const { promise, resolve } = Promise.withResolvers<DispatchResult>();
    server.gateway.answer = () => promise;
    const left = new AbortController();
    const request = fetch(`${server.url}/v1/dispatch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: wireText(),
      signal: left.signal,
    }).catch((error: unknown) => error);
    await expect.poll(() => server.gateway.calls.length).toBe(1);
    left.abort();
    expect(await request).toBeInstanceOf(DOMException);
    resolve(executed);
    expect((await sendRaw(server.port, get("/live"))).status).toBe(200);
  });

  test("O1: bodies beyond what may be held at one time are refused, and room is made by those that end", async () => {
    await using other = await startTestServer({ limits: { maxBufferedBytes: 3_000 } });
    const half = (length: number): string =>
      `POST /v1/dispatch HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n${" ".repeat(length)}`;
    const holder = connect(other.port, "127.0.0.1");
    holder.write(half(2_500));
    await expect
      .poll(
        async () => (await sendRaw(other.port, post("/v1/dispatch", wireText({ payload: "x".repeat(1_000) })))).status,
      )
      .toBe(429);
    holder.destroy();
    await expect
      .poll(
        async () => (await sendRaw(other.port, post("/v1/dispatch", wireText({ payload: "x".repeat(1_000) })))).status,
      )
      .toBe(200);
  });

  test("O1: a client that does not take its answer is cut off", async () => {
    await using other = await startTestServer({ limits: { writeTimeoutMs: 100 } });
    const large = { status: "success", body: "x".repeat(20_000_000), headers: {} } as const;
    other.gateway.answer = () => outcome({ kind: "executed", response: large, durationMs: 1, attempts: 1 });
    const client = connect(other.port, "127.0.0.1");
    client.pause();
    client.write(post("/v1/dispatch", wireText()));
    await expect.poll(() => other.gateway.calls.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const ended = new Promise((resolve) => client.once("close", resolve));
    client.on("error", () => undefined); // a reset
    client.resume();
    await ended;
    expect(client.bytesRead).toBeLessThan(20_000_000);
  });

  test("a refused request leaves its connection usable", async () => {
    const refused = post("/v1/nothing", wireText()).toString();
    const reply = await sendRaw(server.port, refused, { closeWaitMs: 50 });
    expect(reply).toMatchObject({ status: 404, closed: false });
  });
});

describe("a body that nobody asked for", () => {
  test("is read and dropped where it is short, so that the connection can be used again", async () => {
    const withBody = get("/live", { "content-length": "5" });
    const client = connect(server.port, "127.0.0.1");
    let received = "";
    client.on("data", (chunk: Buffer) => (received += chunk.toString()));
    client.write(`${withBody}hello${get("/live")}`);
    await expect.poll(() => received.match(/HTTP\/1\.1 200/g)?.length).toBe(2);
    client.destroy();
  });

  test("ends the connection where it may never end", async () => {
    const reply = await sendRaw(server.port, `${get("/live", { "transfer-encoding": "chunked" })}5\r\nhello\r\n`, {
      closeWaitMs: 3_000,
    });
    expect(reply).toMatchObject({ status: 200, closed: true });
  });
});

describe("POST /v1/dispatch/batch", () => {
  test("results stand at the index of their action, errors as objects, Deduplicated as an object", async () => {
    server.gateway.answer = ({ id }) =>
      id === "dup" ? deduplicated : id === "away" ? { kind: "refused", error: new LockTimeoutError(5_000) } : executed;
    const items = [
      wireAction(),
      wireAction({ tenant: "a:b" }),
      wireAction({ id: "dup" }),
      3,
      wireAction({ id: "away" }),
    ];
    const reply = await sendRaw(server.port, post("/v1/dispatch/batch", JSON.stringify(items)));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual([
      JSON.parse(executedText),
      {
        error: { code: "invalid_tenant", message: expect.any(String) as string, retryable: false, pointer: "/tenant" },
      },
      { Deduplicated: null },
      { error: { code: "invalid_type", message: expect.any(String) as string, retryable: false, pointer: "" } },
      { error: { code: "lock_timeout", message: expect.any(String) as string, retryable: true, retry_after: 1 } },
    ]);
  });

  test("row 24: an empty batch is an empty list, and nobody is asked", async () => {
    const reply = await sendRaw(server.port, post("/v1/dispatch/batch", "[]"));
    expect(reply).toMatchObject({ status: 200, body: "[]" });
    expect(server.gateway.calls).toEqual([]);
  });

  test("row 25: a thousand items, all of them bad, are a thousand elements", async () => {
    const reply = await sendRaw(server.port, post("/v1/dispatch/batch", `[${"0,".repeat(999)}0]`));
    expect(JSON.parse(reply.body)).toHaveLength(1_000);
  });

  test("a batch goes to the gateway as one call under its key", async () => {
    const items = [wireAction({ id: "a" }), wireAction({ id: "b" })];
    await sendRaw(server.port, post("/v1/dispatch/batch", JSON.stringify(items), { "idempotency-key": "k" }));
    expect(
      server.gateway.calls.map(({ actions, options }) => [actions.length, options.idempotencyKey, options.single]),
    ).toEqual([[2, "k", false]]);
  });

  test("G5: with bad items between them, actions keep the index that they came with in their keys", async () => {
    const items = [3, wireAction({ id: "a" }), 4, wireAction({ id: "b" })];
    await sendRaw(server.port, post("/v1/dispatch/batch", JSON.stringify(items), { "idempotency-key": "k" }));
    expect(server.gateway.calls.map(({ options }) => [options.idempotencyKey, options.single])).toEqual([
      ["k/1", true],
      ["k/3", true],
    ]);
  });

  test("a gateway that takes nothing refuses the request as a whole, as an object", async () => {
    const error = new OverloadedError("full", { retryAfterMs: 1_000 });
    server.gateway.answer = () => ({ kind: "refused", error });
    const reply = await sendRaw(server.port, post("/v1/dispatch/batch", `[${wireText()},${wireText()}]`));
    expect(reply.status).toBe(429);
    expect(JSON.parse(reply.body)).toMatchObject({ error: "overloaded", code: "overloaded" });
  });
});

function fail(): never {
  throw new TypeError("not expected");
}
