import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wireText } from "./actions.ts";
import { get, post, sendRaw } from "./raw-client.ts";
import type { RawOptions } from "./raw-client.ts";
import type { TestServer } from "./test-server.ts";
import { startTestServer } from "./test-server.ts";

/** `guarantees.md` §8 over HTTP (T12): what is sent, byte for byte, and what must come back. */
interface BadInput {
  readonly row: number;
  readonly what: string;
  readonly send: string | Buffer | readonly (string | Buffer)[];
  readonly status: number;
  readonly code?: string;
  /** Of the value to blame. */
  readonly pointer?: string;
  /** What the message must contain. */
  readonly says?: string;
  readonly closed?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: RawOptions;
}

const limit = 64 * 1_024;
const dispatch = "/v1/dispatch";
const batch = "/v1/dispatch/batch";
const one = wireText();

function withText(name: string, value: string): Buffer {
  return post(dispatch, wireText({ [name]: value }));
}

function withRawPayload(payload: string): Buffer {
  return post(dispatch, `${one.slice(0, -1)},"payload":${payload}}`.replace('"payload":{"service":"api"},', ""));
}

const badInputs: readonly BadInput[] = [
  { row: 1, what: "an empty body", send: post(dispatch, ""), status: 400, code: "malformed_json", says: "0" },
  {
    row: 1,
    what: "no body at all",
    send: "POST /v1/dispatch HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n\r\n",
    status: 400,
    code: "malformed_json",
  },
  {
    row: 1,
    what: "a truncated body",
    send: post(dispatch, one.slice(0, -1)),
    status: 400,
    code: "malformed_json",
    says: String(one.length - 1),
  },
  {
    row: 1,
    what: "text behind the body",
    send: post(dispatch, `${one} x`),
    status: 400,
    code: "malformed_json",
    says: String(one.length + 1),
  },
  { row: 1, what: "a truncated batch", send: post(batch, `[${one}`), status: 400, code: "malformed_json" },
  {
    row: 2,
    what: "a byte that no UTF-8 has",
    send: post(dispatch, Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff])])),
    status: 400,
    code: "invalid_encoding",
    says: "7",
  },
  { row: 2, what: "UTF-16", send: post(dispatch, Buffer.from(one, "utf16le")), status: 400 },
  {
    row: 3,
    what: "no content type",
    send: post(dispatch, one, { "content-type": "" }),
    status: 415,
    code: "unsupported_media_type",
    says: "application/json",
  },
  {
    row: 3,
    what: "a form",
    send: post(dispatch, one, { "content-type": "application/x-www-form-urlencoded" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    row: 3,
    what: "another charset",
    send: post(dispatch, one, { "content-type": "application/json; charset=latin1" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    row: 3,
    what: "a tab in the content type",
    send: post(dispatch, one, { "content-type": "application/json;\tcharset=utf-8" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    row: 3,
    what: "JSON by another name",
    send: post(dispatch, one, { "content-type": "text/json" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    row: 4,
    what: "an unknown content encoding",
    send: post(dispatch, one, { "content-encoding": "br" }),
    status: 415,
    code: "unsupported_encoding",
    says: "gzip",
  },
  {
    row: 4,
    what: "two encodings",
    send: post(dispatch, gzipSync(one), { "content-encoding": "gzip, gzip" }),
    status: 415,
    code: "unsupported_encoding",
  },
  {
    row: 4,
    what: "gzip that is none",
    send: post(dispatch, one, { "content-encoding": "gzip" }),
    status: 400,
    code: "invalid_encoding",
  },
  {
    row: 5,
    what: "a gzip bomb",
    send: post(dispatch, gzipSync(Buffer.alloc(32 * 2 ** 20, 0x20)), { "content-encoding": "gzip" }),
    status: 413,
    code: "body_too_large",
    says: String(limit),
  },
  {
    row: 6,
    what: "a body that is declared too large",
    send: `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${limit + 1}\r\n\r\n`,
    status: 413,
    code: "body_too_large",
    says: String(limit),
    closed: true,
  },
  {
    row: 6,
    what: "a body that is streamed too large",
    send: [
      `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      ...Array.from({ length: 9 }, () => `2000\r\n${" ".repeat(0x2000)}\r\n`),
    ],
    status: 413,
    code: "body_too_large",
    closed: true,
  },
  {
    row: 7,
    what: "129 levels",
    send: withRawPayload("[".repeat(128) + "]".repeat(128)),
    status: 400,
    code: "too_deep",
    says: "128",
  },
  {
    row: 7,
    what: "as many levels as the body holds",
    send: post(dispatch, "[".repeat(limit - 10)),
    status: 400,
    code: "too_deep",
  },
  {
    row: 8,
    what: "too many values",
    send: withRawPayload(`[${"0,".repeat(20_000)}0]`),
    status: 400,
    code: "too_complex",
    says: "20000",
  },
  {
    row: 9,
    what: "the key __proto__",
    send: withRawPayload('{"a":{"__proto__":{}}}'),
    status: 400,
    code: "forbidden_key",
    pointer: "/payload/a/__proto__",
  },
  {
    row: 9,
    what: "the same, escaped",
    send: withRawPayload('{"\\u005f_proto__":1}'),
    status: 400,
    code: "forbidden_key",
    pointer: "/payload/__proto__",
  },
  {
    row: 9,
    what: "constructor holding prototype",
    send: withRawPayload('{"constructor":{"prototype":{}}}'),
    status: 400,
    code: "forbidden_key",
  },
  {
    row: 10,
    what: "a key twice in one object",
    send: withRawPayload('{"a":1,"a":2}'),
    status: 400,
    code: "duplicate_key",
    pointer: "/payload/a",
  },
  {
    row: 11,
    what: "a number that no double holds",
    send: withRawPayload("1e400"),
    status: 400,
    code: "number_out_of_range",
    pointer: "/payload",
  },
  {
    row: 12,
    what: "a lone surrogate",
    send: withRawPayload('"\\ud800"'),
    status: 400,
    code: "ill_formed_text",
    pointer: "/payload",
  },
  {
    row: 13,
    what: "NUL in an id",
    send: withText("id", "a\u0000b"),
    status: 400,
    code: "invalid_id",
    pointer: "/id",
    says: "U+0000",
  },
  {
    row: 13,
    what: "a newline in a provider's name",
    send: withText("provider", "a\nb"),
    status: 400,
    code: "invalid_id",
    pointer: "/provider",
    says: "U+000A",
  },
  {
    row: 13,
    what: "an escape sequence in an action type",
    send: withText("action_type", "\u001b[31m"),
    status: 400,
    code: "invalid_id",
    says: "U+001B",
  },
  ...["a:b", "a/b", "..", "a..b", "*", "{x}", "", "x".repeat(129)].flatMap((text): BadInput[] => [
    {
      row: 14,
      what: `the tenant ${JSON.stringify(text.slice(0, 9))}`,
      send: withText("tenant", text),
      status: 400,
      code: "invalid_tenant",
      pointer: "/tenant",
    },
    {
      row: 14,
      what: `the namespace ${JSON.stringify(text.slice(0, 9))}`,
      send: withText("namespace", text),
      status: 400,
      code: "invalid_namespace",
      pointer: "/namespace",
    },
  ]),
  {
    row: 16,
    what: "an action id of 257 bytes",
    send: withText("id", "x".repeat(257)),
    status: 400,
    code: "id_too_long",
    pointer: "/id",
    says: "256",
  },
  {
    row: 16,
    what: "a dedup key of 257 bytes",
    send: withText("dedup_key", "é".repeat(129)),
    status: 400,
    code: "id_too_long",
    pointer: "/dedup_key",
  },
  {
    row: 16,
    what: "a discriminator of 257 bytes",
    send: withText("discriminator", "x".repeat(257)),
    status: 400,
    code: "id_too_long",
    pointer: "/discriminator",
  },
  {
    row: 16,
    what: "an Idempotency-Key of 257 bytes",
    send: post(dispatch, one, { "idempotency-key": "x".repeat(257) }),
    status: 400,
    code: "id_too_long",
    says: "256",
  },
  { row: 18, what: "an array where an action is meant", send: post(dispatch, "[]"), status: 422, code: "invalid_type" },
  {
    row: 18,
    what: "an object where a batch is meant",
    send: post(batch, `{"actions":[${one}]}`),
    status: 422,
    code: "invalid_type",
  },
  {
    row: 18,
    what: "a number where text is meant",
    send: post(dispatch, wireText({ provider: 3 })),
    status: 422,
    code: "invalid_type",
    pointer: "/provider",
  },
  {
    row: 18,
    what: "a missing field",
    send: post(dispatch, wireText({ payload: undefined })),
    status: 422,
    code: "missing_field",
    pointer: "/payload",
  },
  {
    row: 24,
    what: "a batch of 1001",
    send: post(batch, `[${"0,".repeat(1_000)}0]`),
    status: 400,
    code: "batch_too_large",
    says: "1001 exceeds maximum of 1000",
  },
  {
    row: 28,
    what: "a day that is in no calendar",
    send: withText("created_at", "2026-02-30T00:00:00Z"),
    status: 422,
    code: "invalid_instant",
    pointer: "/created_at",
  },
  {
    row: 32,
    what: "a length and chunks",
    send: `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
    closed: true,
  },
  {
    row: 32,
    what: "two lengths",
    send: `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde`,
    status: 400,
    closed: true,
  },
  {
    row: 32,
    what: "a transfer coding that is not chunked",
    send: `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, identity\r\n\r\n`,
    status: 400,
    closed: true,
  },
  { row: 32, what: "a bare line feed", send: "GET /live HTTP/1.1\nhost: a\n\n", status: 400, closed: true },
  {
    row: 32,
    what: "a folded header",
    send: "GET /live HTTP/1.1\r\nhost: a\r\nx-a: b\r\n c\r\n\r\n",
    status: 400,
    closed: true,
  },
  {
    row: 32,
    what: "NUL in a header",
    send: "GET /live HTTP/1.1\r\nhost: a\r\nx-a: b\u0000c\r\n\r\n",
    status: 400,
    closed: true,
  },
  {
    row: 32,
    what: "a space in front of the colon",
    send: "GET /live HTTP/1.1\r\nhost : a\r\n\r\n",
    status: 400,
    closed: true,
  },
  {
    row: 32,
    what: "a chunk with a false length",
    send: `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    status: 400,
    closed: true,
  },
  {
    row: 33,
    what: "two Host headers",
    send: "GET /live HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    status: 400,
    code: "bad_request_target",
    closed: true,
  },
  { row: 33, what: "no Host header", send: "GET /live HTTP/1.1\r\n\r\n", status: 400 },
  {
    row: 33,
    what: "an absolute target of another host",
    send: "GET http://b/live HTTP/1.1\r\nhost: a\r\n\r\n",
    status: 400,
    code: "bad_request_target",
    closed: true,
  },
  {
    row: 33,
    what: "a target that is no path",
    send: "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    status: 400,
    code: "bad_request_target",
  },
  { row: 33, what: "a tunnel", send: "CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n", status: 400, closed: true },
  {
    row: 34,
    what: "headers over 16 KiB",
    send: get("/live", { "x-a": "x".repeat(17_000) }),
    status: 431,
    closed: true,
  },
  {
    row: 34,
    what: "101 headers",
    send: get("/live", Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, "1"]))),
    status: 431,
    says: "100",
    closed: true,
  },
  {
    row: 35,
    what: "headers that trickle",
    send: Array.from("GET /live HTTP/1.1\r\nhost: a"),
    status: 408,
    closed: true,
    options: { pauseMs: 150 },
  },
  {
    row: 35,
    what: "a body that trickles",
    send: [
      `POST ${dispatch} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n`,
      ...Array.from("trickle, trickle"),
    ],
    status: 408,
    code: "timeout",
    closed: true,
    options: { pauseMs: 150 },
  },
  { row: 36, what: "an unknown path", send: get("/v1/nothing"), status: 404, code: "not_found" },
  { row: 36, what: "a trailing slash", send: get("/live/"), status: 404, code: "not_found" },
  {
    row: 36,
    what: "a known path, another method",
    send: get(dispatch),
    status: 405,
    code: "method_not_allowed",
    headers: { allow: "POST" },
  },
  {
    row: 36,
    what: "another method on a path with a parameter",
    send: "PATCH /v1/dlq/letters/x HTTP/1.1\r\nhost: a\r\n\r\n",
    status: 405,
    headers: { allow: "GET, DELETE, HEAD" },
  },
  { row: 37, what: "dot segments", send: get("/v1/../live"), status: 400, code: "invalid_path" },
  { row: 37, what: "a dot segment at the end", send: get("/v1/."), status: 400, code: "invalid_path" },
  { row: 37, what: "encoded dot segments", send: get("/v1/%2e%2E/live"), status: 400, code: "invalid_path" },
  { row: 37, what: "a broken escape", send: get("/v1/dlq/letters/%zz"), status: 400, code: "invalid_path" },
  { row: 37, what: "an escape that is no UTF-8", send: get("/v1/dlq/letters/%ff"), status: 400, code: "invalid_path" },
  { row: 38, what: "an expectation that nobody knows", send: post(dispatch, one, { expect: "200-ok" }), status: 417 },
  {
    row: 38,
    what: "TLS on the plain port",
    send: Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
    status: 400,
    closed: true,
  },
  { row: 38, what: "the preface of HTTP/2", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 400, closed: true },
  {
    row: 43,
    what: "a key in the query",
    send: get("/v1/audit?api_key=hunter2"),
    status: 401,
    code: "credentials_in_url",
  },
  { row: 73, what: "a flag that is none", send: post(`${dispatch}?dry_run=yes`, one), status: 400, code: "bad_query" },
  {
    row: 73,
    what: "a parameter twice",
    send: post(`${dispatch}?dry_run=true&dry_run=false`, one),
    status: 400,
    code: "bad_query",
  },
  {
    row: 0,
    what: "a deadline of no time",
    send: post(dispatch, one, { "x-request-timeout-ms": "0" }),
    status: 400,
    code: "bad_request",
  },
  {
    row: 0,
    what: "a deadline beyond the bound",
    send: post(dispatch, one, { "x-request-timeout-ms": "99999999999" }),
    status: 400,
    code: "bad_request",
  },
];

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    limits: { maxBodyBytes: limit, maxJsonNodes: 20_000, headersTimeoutMs: 400, bodyTimeoutMs: 400 },
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

beforeEach(() => {
  server.gateway.calls.length = 0;
});

describe("guarantees §8: bad inputs over HTTP (T12)", () => {
  test.each(badInputs)(
    "row $row: $what ends as $status $code",
    async ({ send, status, code, pointer, says, closed, headers, options }) => {
      const reply = await sendRaw(server.port, send, { closeWaitMs: closed === true ? 3_000 : 0, ...options });
      expect(reply.status).toBe(status);
      expect(reply.headers["content-type"]).toBe("application/json");
      const envelope = JSON.parse(reply.body) as Record<string, unknown>;
      expect(envelope).toMatchObject({
        error: expect.any(String) as string,
        message: envelope["error"],
        code: code ?? (expect.any(String) as string),
        retryable: false,
        request_id: reply.headers["x-request-id"],
      });
      if (pointer !== undefined) expect(envelope["pointer"]).toBe(pointer);
      if (says !== undefined) expect(envelope["message"]).toContain(says);
      if (closed === true) expect(reply.closed).toBe(true);
      expect(reply.headers).toMatchObject(headers ?? {});
      // G6: what is refused is unseen.
      expect(server.gateway.calls).toEqual([]);
    },
  );
});
