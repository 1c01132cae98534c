import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { badBodies } from "./bad-bodies.ts";
import { bodyLimit, nodeLimit } from "./bad-input.ts";
import { badRequests } from "./bad-requests.ts";
import { sendRaw } from "./raw-client.ts";
import type { TestServer } from "./test-server.ts";
import { startTestServer } from "./test-server.ts";

const limits = { maxBodyBytes: bodyLimit, maxJsonNodes: nodeLimit };
let patient: TestServer;
/** For what trickles. */
let impatient: TestServer;

beforeAll(async () => {
  patient = await startTestServer({ limits });
  impatient = await startTestServer({ limits: { ...limits, headersTimeoutMs: 400, bodyTimeoutMs: 400 } });
});

afterAll(async () => {
  await patient[Symbol.asyncDispose]();
  await impatient[Symbol.asyncDispose]();
});

beforeEach(() => {
  for (const { gateway } of [patient, impatient]) gateway.calls.length = 0;
});

describe("guarantees §8: bad inputs over HTTP (T12)", () => {
  test.each([...badBodies, ...badRequests])(
    "row $row: $what ends as $status $code",
    async ({ send, status, code, pointer, says, closed, headers, options }) => {
      const server = options?.pauseMs === undefined ? patient : impatient;
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
