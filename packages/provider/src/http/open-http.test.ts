import { randomBytes } from "node:crypto";
import { getEventListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { systemClock, ValidationError } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { FakeService } from "../conformance/fake-service.ts";
import { AddressNotAllowedError, ProviderUnavailableError } from "../provider-errors.ts";
import type { EndpointOptions, HttpEndpoint, HttpReply, HttpRequest } from "./http.ts";
import { parseNetwork } from "./address-class.ts";
import { openHttp } from "./open-http.ts";
import type { HttpOptions, Resolve } from "./open-http.ts";

let service: FakeService;

beforeEach(async () => {
  service = await FakeService.open();
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
});

function endpoint(
  url: string,
  options: Partial<HttpOptions> = {},
  endpointOptions: EndpointOptions = {},
): HttpEndpoint {
  const opened = openHttp({ clock: systemClock, ...options }).endpoint(url, endpointOptions);
  onTestFinished(() => opened.close());
  return opened;
}

function request(to: HttpEndpoint, overrides: Partial<HttpRequest> = {}): Promise<HttpReply> {
  return to.request({
    method: "POST",
    body: "{}",
    signal: AbortSignal.timeout(10_000),
    timeoutMs: 5_000,
    ...overrides,
  });
}

/** A resolver that knows one answer after the other, the last one for ever. */
function answers(...lists: string[][]): { readonly resolve: Resolve; readonly asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (hostname, answer) => {
    asked.push(hostname);
    const list = lists[Math.min(asked.length, lists.length) - 1] ?? [];
    process.nextTick(
      answer,
      null,
      list.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { resolve, asked };
}

describe("names and addresses (S4)", () => {
  // guarantees §8 row 49: whatever was found before, what counts is what the socket is about to connect to
  test("a name that led to an allowed address, and then leads to a private one, is not connected to", async () => {
    const { port } = new URL(service.url);
    const { resolve, asked } = answers(["127.0.0.1"], ["10.0.0.1"]);
    const to = endpoint(
      `https://rebind.example:${port}`,
      { resolve },
      { allowNetworks: [parseNetwork("127.0.0.0/8")!] },
    );
    await expect(request(to)).rejects.toMatchObject({ reason: "connection", sent: false }); // allowed, but speaks no TLS
    await expect(request(to)).rejects.toMatchObject({ code: "address_not_allowed", addressClass: "private" });
    expect(asked).toEqual(["rebind.example", "rebind.example"]);
  });

  test.each([
    [["127.0.0.1"], "loopback"],
    [["::1"], "loopback"],
    [["::ffff:127.0.0.1"], "loopback"],
    [["64:ff9b::7f00:1"], "loopback"],
    [["169.254.169.254"], "metadata"],
    [["192.168.0.1"], "private"],
    [["0.0.0.0"], "unspecified"],
    [["93.184.216.34", "10.0.0.1"], "private"],
    [["2606:4700::1", "fe80::1"], "link-local"],
  ])("a name that leads to %j is refused for its %s address", async (list, addressClass) => {
    const to = endpoint("https://evil.example", answers(list));
    const refused = request(to);
    await expect(refused).rejects.toBeInstanceOf(AddressNotAllowedError);
    await expect(refused).rejects.toMatchObject({
      addressClass,
      publicMessage: `address not allowed: ${addressClass}`,
    });
  });

  test("the address connected to is the one that was checked, not one that another look-up finds", async () => {
    const { port } = new URL(service.url);
    const { resolve, asked } = answers(["127.0.0.1"], ["10.0.0.1"]);
    const to = endpoint(`http://localhost:${port}`, { resolve });
    expect((await request(to)).status).toBe(200);
    expect(asked).toEqual(["localhost"]);
    await service[Symbol.asyncDispose](); // the connection is gone: the next request needs a new one
    await expect(request(to)).rejects.toMatchObject({ addressClass: "private" });
  });

  test("a name without address, or whose resolver fails, is a failed connection, with nothing sent", async () => {
    const failing: Resolve = (_hostname, answer) => answer(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
    for (const resolve of [failing, answers([]).resolve]) {
      const to = endpoint("https://nowhere.example", { resolve });
      await expect(request(to)).rejects.toMatchObject({ reason: "connection", sent: false });
    }
  });

  test("a URL that may not be called is refused before anything is resolved", () => {
    const { resolve, asked } = answers(["127.0.0.1"]);
    expect(() => endpoint("https://127.1/", { resolve })).toThrow(ValidationError);
    expect(() => endpoint("http://example.com/", { resolve })).toThrow("https only");
    expect(asked).toEqual([]);
  });

  test("proxies that the environment names are not used", async () => {
    await using proxy = await FakeService.open();
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    const before = names.map((name) => [name, process.env[name]] as const);
    onTestFinished(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    for (const name of names) process.env[name] = proxy.url;
    expect((await request(endpoint(service.url))).status).toBe(200);
    expect(proxy.requests).toEqual([]);
    expect(service.requests).toHaveLength(1);
  });
});

describe("TLS", () => {
  async function openTlsService(): Promise<{ readonly url: string; readonly ca: string }> {
    const fixture = (name: string) => readFile(new URL(`../../test/fixtures/${name}`, import.meta.url), "utf8");
    const [cert, key] = [await fixture("loopback-cert.pem"), await fixture("loopback-key.pem")];
    const server = createServer({ cert, key }, (_request, response) => response.end("secure"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return { url: `https://localhost:${(server.address() as AddressInfo).port}`, ca: cert };
  }

  test("a service whose certificate is trusted is called", async () => {
    const { url, ca } = await openTlsService();
    const reply = await request(endpoint(url, { ca, ...answers(["127.0.0.1"]) }));
    expect(bodyText(reply)).toBe("secure");
  });

  test("one whose certificate is not gets nothing", async () => {
    const { url } = await openTlsService();
    const to = endpoint(url, answers(["127.0.0.1"]));
    await expect(request(to)).rejects.toMatchObject({ reason: "connection", sent: false });
  });
});

describe("time (S4)", () => {
  test("resolving and connecting have a time of their own, and nothing was sent when it is over", async () => {
    const to = endpoint("https://slow.example", { resolve: () => {}, limits: { connectTimeoutMs: 100 } });
    await expect(request(to)).rejects.toMatchObject({ reason: "timeout", sent: false });
  });

  // guarantees §8 row 51
  test("a reply that drips is cut when the whole time is over, and its status is kept", async () => {
    service.behave({ kind: "drip" });
    const cut = request(endpoint(service.url), { timeoutMs: 150 });
    await expect(cut).rejects.toMatchObject({ reason: "timeout", sent: true, status: 200 });
  });

  test("a request that waited in vain for a free connection was not sent, and is not sent later", async () => {
    service.behave({ kind: "silence" }, { kind: "reply", status: 200 });
    const to = endpoint(service.url, { limits: { maxConnections: 1 } });
    const call = new AbortController();
    const first = request(to, { signal: call.signal }).catch((error: unknown) => error);
    await expect.poll(() => service.requests.length).toBe(1);
    await expect(request(to, { timeoutMs: 50 })).rejects.toMatchObject({ reason: "timeout", sent: false });
    call.abort();
    expect(await first).toMatchObject({ reason: "aborted", sent: true });
    expect((await request(to)).status).toBe(200);
    expect(service.requests).toHaveLength(2);
  });

  test("a caller whose time is over hears that, and one who leaves that the call was aborted", async () => {
    service.behave({ kind: "silence" }, { kind: "silence" });
    const to = endpoint(service.url);
    const { origin } = new URL(service.url);
    const late = request(to, { signal: AbortSignal.timeout(50) });
    await expect(late).rejects.toMatchObject({ reason: "aborted", message: `${origin}: no answer in time` });
    const call = new AbortController();
    const left = request(to, { signal: call.signal });
    await expect.poll(() => service.requests.length).toBe(2);
    call.abort();
    await expect(left).rejects.toMatchObject({ reason: "aborted", message: `${origin}: aborted` });
  });
});

test("a request that has ended leaves no timer and no listener", async () => {
  const clock = createFakeClock();
  const { signal } = new AbortController();
  const to = endpoint(service.url, { clock });
  expect((await request(to, { signal })).status).toBe(200);
  service.behave({ kind: "reset" });
  await expect(request(to, { signal })).rejects.toThrow(ProviderUnavailableError);
  expect(clock.nextDueMs()).toBeUndefined();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

describe("connections", () => {
  test("connections are kept and used again", async () => {
    const to = endpoint(service.url);
    for (let i = 0; i < 50; i++) expect((await request(to)).status).toBe(200);
    // Two: a reply is handed on a moment before its connection is free again.
    expect(await service.connections()).toBeLessThanOrEqual(2);
  });

  test("many requests at once share no more connections than there may be", async () => {
    const to = endpoint(service.url, { limits: { maxConnections: 3 } });
    const replies = await Promise.all(Array.from({ length: 50 }, () => request(to)));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(await service.connections()).toBeLessThanOrEqual(3);
  });

  test("a request too many is refused at once, unsent (O1)", async () => {
    const to = endpoint(service.url, { limits: { maxRequests: 2 } });
    for (let i = 0; i < 5; i++) expect((await request(to)).status).toBe(200);
    service.behave({ kind: "silence" });
    const waiting = [request(to), request(to)].map((call) =>
      expect(call).rejects.toMatchObject({ reason: "connection" }),
    );
    await expect(request(to)).rejects.toMatchObject({ reason: "connection", sent: false });
    await to.close();
    await Promise.all(waiting);
  });
});

describe("replies", () => {
  const text = JSON.stringify({ ok: true, note: "Zoë".repeat(1_000) });

  test.each([
    ["identity", Buffer.from(text)],
    ["gzip", gzipSync(text)],
    ["GZIP", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ])("a body in %s is decoded", async (coding, body) => {
    service.behave({ kind: "reply", status: 200, headers: { "content-encoding": coding }, body });
    expect(bodyText(await request(endpoint(service.url)))).toBe(text);
  });

  const bomb = Buffer.alloc(1_048_577);

  test.each([
    ["gzip", gzipSync(bomb), "too_large"],
    ["deflate", deflateSync(bomb), "too_large"],
    ["br", brotliCompressSync(bomb), "too_large"],
    ["zstd", zstdCompressSync(bomb), "too_large"],
    ["identity", bomb, "too_large"],
    ["gzip", Buffer.from("no gzip"), "undecodable"],
    ["gzip", gzipSync(text).subarray(0, 20), "undecodable"],
    ["rot13", Buffer.from(text), "undecodable"],
    ["gzip, br", brotliCompressSync(gzipSync(text)), "undecodable"],
  ])("a body in %s that is past the bound or broken is no body; its status is kept", async (coding, body, kind) => {
    service.behave({ kind: "reply", status: 201, headers: { "content-encoding": coding }, body });
    expect(await request(endpoint(service.url))).toMatchObject({ status: 201, body: { kind } });
  });

  test("a body of just a MiB is whole, in however many pieces it comes", async () => {
    const body = randomBytes(786_432).toString("base64");
    service.behave({ kind: "reply", status: 200, body });
    expect(bodyText(await request(endpoint(service.url)))).toBe(body);
  });

  test("an empty body is empty, whatever its coding", async () => {
    service.behave({ kind: "reply", status: 204, headers: { "content-encoding": "gzip" } });
    expect(bodyText(await request(endpoint(service.url)))).toBe("");
    expect(bodyText(await request(endpoint(service.url), { method: "HEAD", body: "" }))).toBe("");
  });
});

function bodyText({ body }: HttpReply): string {
  return body.kind === "whole" ? Buffer.from(body.bytes).toString() : body.kind;
}
