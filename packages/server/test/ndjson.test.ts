import { connect } from "node:net";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { DrainingError } from "@acteon/core";
import type { DispatchResult } from "@acteon/gateway";
import { afterEach, describe, expect, test } from "vitest";
import { wireAction, wireText } from "./actions.ts";
import { executed } from "./test-gateway.ts";
import type { TestServer, TestServerOptions } from "./test-server.ts";
import { startTestServer } from "./test-server.ts";

let server: TestServer | undefined;

afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  return (server = await startTestServer(options));
}

const type = "application/x-ndjson";

async function stream(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const reply = await fetch(`${server?.url}/v1/dispatch/batch`, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe(type);
  const text = await reply.text();
  return text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
}

/** A stream by hand: lines go out when the test says so, and come in only while it reads. */
class Stream {
  readonly socket: Socket;
  #received = "";

  constructor(port: number, headers = "") {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("latin1");
    this.socket.on("data", (text: string) => (this.#received += text));
    this.socket.on("error", () => undefined); // cut, in the tests that are about that
    this.socket.write(
      `POST /v1/dispatch/batch HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n${headers}\r\n`,
    );
  }

  /** Resolves when the text has left this process. */
  send(text: string): Promise<void> {
    const chunk = `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    return new Promise((resolve) => this.socket.write(chunk, () => resolve()));
  }

  end(): void {
    this.socket.write("0\r\n\r\n");
  }

  /** Lines of the answer so far. */
  get lines(): readonly string[] {
    return this.#received.split(/\r?\n/).filter((line) => line.startsWith("{"));
  }

  /** The first line of each head so far, `100 Continue` among them. */
  get heads(): readonly string[] {
    return this.#received.split("\r\n").filter((line) => line.startsWith("HTTP/1.1 "));
  }

  get ended(): boolean {
    return this.#received.includes("\r\n0\r\n\r\n");
  }
}

describe("POST /v1/dispatch/batch with NDJSON", () => {
  test("one element a line, in the order of the input; a bad line is an element, an empty one nothing", async () => {
    await start();
    server!.gateway.answer = async ({ id }) => {
      if (id === "slow") await new Promise((resolve) => setTimeout(resolve, 30));
      return { ...executed, outcome: { kind: "suppressed", rule: id, reason: undefined } } as DispatchResult;
    };
    const body = `${wireText({ id: "slow" })}\n\n{"id":\n \r\n${wireText({ id: "b" })}\r\n[]\n${wireText({ id: "c" })}`;
    expect(await stream(body)).toEqual([
      { Suppressed: { rule: "slow" } },
      { error: expect.objectContaining({ code: "malformed_json" }) as unknown },
      { Suppressed: { rule: "b" } },
      { error: expect.objectContaining({ code: "invalid_type" }) as unknown },
      { Suppressed: { rule: "c" } },
    ]);
  });

  test("rows 6 and 8 hold for each line, and the stream goes on", async () => {
    await start({ limits: { maxBodyBytes: 4_096, maxJsonNodes: 100 } });
    const long = wireText({ payload: "x".repeat(5_000) });
    const complex = wireText({ payload: Array.from({ length: 200 }, () => 0) });
    const elements = await stream(`${long}\n${complex}\n${wireText()}\n`);
    expect(elements).toMatchObject([
      { error: { code: "body_too_large" } },
      { error: { code: "too_complex" } },
      { Executed: {} },
    ]);
  });

  test("gzip is read as it comes, and broken gzip ends the stream with an element", async () => {
    await start();
    const body = gzipSync(`${wireText()}\n${wireText()}\n`);
    expect(await stream(body, { "content-encoding": "gzip" })).toHaveLength(2);
    const broken = await stream(Buffer.from("no gzip"), { "content-encoding": "gzip" });
    expect(broken).toMatchObject([{ error: { code: "invalid_encoding" } }]);
  });

  test("an empty stream has an empty answer", async () => {
    await start();
    expect(await stream("")).toEqual([]);
  });

  test("G5: each line has the key of its place in the stream, whatever the packets", async () => {
    await start();
    await stream(`${wireText()}\nbad\n${wireText()}\n`, { "idempotency-key": "k" });
    expect(server!.gateway.calls.map(({ options }) => options.idempotencyKey)).toEqual(["k/0", "k/2"]);
  });

  test("answers are written while the input is still coming", async () => {
    await start();
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n`);
    await expect.poll(() => client.lines.length).toBe(1);
    await client.send(`${wireText()}\n${wireText()}\n`);
    await expect.poll(() => client.lines.length).toBe(3);
    client.end();
    await expect.poll(() => client.ended).toBe(true);
    client.socket.destroy();
  });

  test("a client that sends nothing before it is told to, as curl does with a file, is told to", async () => {
    await start();
    const client = new Stream(server!.port, "expect: 100-continue\r\n");
    await expect.poll(() => client.heads).toEqual(["HTTP/1.1 100 Continue"]);
    await client.send(`${wireText()}\n`);
    client.end();
    await expect.poll(() => client.ended).toBe(true);
    expect(client.lines).toHaveLength(1);
    expect(client.heads).toEqual(["HTTP/1.1 100 Continue", "HTTP/1.1 200 OK"]);
  });

  test("no more than maxStreamActions are under way", async () => {
    await start({ limits: { maxStreamActions: 10 } });
    let open = 0;
    let most = 0;
    server!.gateway.answer = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open -= 1;
      return executed;
    };
    const client = new Stream(server!.port);
    for (let i = 0; i < 100; i++) await client.send(`${wireText()}\n`);
    client.end();
    await expect.poll(() => client.lines.length).toBe(100);
    // What arrived in one packet is dispatched together, so the bound is met within a segment.
    expect(most).toBeLessThanOrEqual(10 + 128);
    client.socket.destroy();
  });

  test("backpressure: 10,000 lines for a client that does not read are not read either, and all are answered in order once it does", async () => {
    await start();
    const body = { text: "x".repeat(2_000) };
    server!.gateway.answer = ({ id }) =>
      ({
        ...executed,
        outcome: {
          kind: "executed",
          response: { status: "success", body: { ...body, id }, headers: {} },
          durationMs: 1,
          attempts: 1,
        },
      }) as DispatchResult;
    const client = new Stream(server!.port);
    client.socket.pause();
    let sent = 0;
    const sending = (async () => {
      for (; sent < 10_000; sent++) await client.send(`${wireText({ id: `a-${sent}`, payload: body })}\n`);
      client.end();
    })();
    // Both sockets' buffers fill up, and then nothing moves any more.
    let before = -1;
    await expect
      .poll(
        () => {
          const stalled = sent === before;
          before = sent;
          return stalled;
        },
        { interval: 300 },
      )
      .toBe(true);
    const stalledAt = server!.gateway.actions.length;
    expect(stalledAt).toBeGreaterThan(0);
    expect(stalledAt).toBeLessThan(9_000);
    client.socket.resume();
    await sending;
    await expect.poll(() => client.ended).toBe(true);
    const ids = client.lines.map(
      (line) => (JSON.parse(line) as { Executed: { body: { id: string } } }).Executed.body.id,
    );
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, i) => `a-${i}`));
    client.socket.destroy();
  });

  test("a stream without progress is ended with an element that says so", async () => {
    await start({ limits: { streamIdleMs: 100 } });
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n{"half":`);
    await expect.poll(() => client.ended).toBe(true);
    expect(client.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { Executed: {} },
      { error: { code: "timeout", retryable: true } },
    ]);
    client.socket.destroy();
  });

  test("a stream that waits for a provider is not without progress", async () => {
    await start({ limits: { streamIdleMs: 100 } });
    server!.gateway.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      return executed;
    };
    expect(await stream(`${wireText()}\n`)).toMatchObject([{ Executed: {} }]);
  });

  test("row 32: a chunk with a false length cuts the stream, and nothing is put into it", async () => {
    await start();
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n`);
    await expect.poll(() => client.lines.length).toBe(1);
    const closed = new Promise((resolve) => client.socket.once("close", resolve));
    client.socket.write("zz\r\n");
    await closed;
    expect(client.lines).toHaveLength(1);
  });

  test("O7: a server that drains answers what it took, and ends the stream", async () => {
    await start();
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n`);
    await expect.poll(() => client.lines.length).toBe(1);
    server!.gateway.answer = () => ({ kind: "refused", error: new DrainingError() });
    await client.send(`${wireText()}\n`);
    await expect.poll(() => client.ended).toBe(true);
    expect(JSON.parse(client.lines[1] ?? "")).toMatchObject({ error: { code: "draining", retryable: true } });
    client.socket.destroy();
  });

  test("O7: a stream whose client has no more to send does not hold up the server's end", async () => {
    await start();
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n`);
    await expect.poll(() => client.lines.length).toBe(1);
    const closed = server!.listener.close(new AbortController().signal);
    await client.send(`${wireText()}\n`);
    client.end();
    await closed;
    expect(client.lines).toHaveLength(2);
  });

  test("row 39: a client that leaves in the middle stops the reading, not what is under way", async () => {
    await start();
    const { promise, resolve } = Promise.withResolvers<DispatchResult>();
    server!.gateway.answer = () => promise;
    const client = new Stream(server!.port);
    await client.send(`${wireText()}\n`);
    await expect.poll(() => server!.gateway.calls.length).toBe(1);
    client.socket.destroy();
    resolve(executed);
    server!.gateway.answer = () => executed;
    expect(await stream(`${JSON.stringify(wireAction())}\n`)).toHaveLength(1);
  });
});
