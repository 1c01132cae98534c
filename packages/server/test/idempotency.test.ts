import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonValue } from "@acteon/core";
import { wireAction } from "./actions.ts";
import { ServerUnderTest } from "./server-under-test.ts";

let server: ServerUnderTest;

beforeEach(async () => {
  server = new ServerUnderTest();
  await server.start();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const executed = { Executed: expect.objectContaining({ status: "success" }) as unknown };
const refused = { error: expect.anything() as unknown };

/** Status, mark of a replay, body. */
async function send(path: string, key: string, body: JsonValue): Promise<readonly unknown[]> {
  const reply = await server.post(path, body, { "idempotency-key": key });
  return [reply.status, reply.headers.get("idempotency-replayed"), await reply.json()];
}

describe("guarantees G5 over HTTP", () => {
  test("rows 19, 21: a repeat is answered from the store and says so; another request under the key is refused", async () => {
    const dispatch = (key: string, changes = {}) => send("/v1/dispatch", key, wireAction(changes));
    expect(await dispatch("k")).toEqual([200, null, executed]);
    expect(await dispatch("k")).toEqual([200, "true", executed]);
    expect(server.lines).toHaveLength(1);
    expect(await dispatch("k", { payload: { other: true } })).toEqual([
      422,
      null,
      expect.objectContaining({ code: "digest_mismatch" }),
    ]);
    expect(await dispatch("another")).toEqual([200, null, executed]);
    expect(server.lines).toHaveLength(2);
  });

  test("row 21: the same id without a key runs again, and rules decide", async () => {
    await server.dispatch();
    await server.dispatch();
    expect(server.lines).toHaveLength(2);
  });

  test("row 25: the same id twice in a batch is two results, one after the other", async () => {
    const reply = await server.post("/v1/dispatch/batch", [wireAction(), wireAction(), wireAction({ id: "" })]);
    expect(await reply.json()).toEqual([executed, executed, refused]);
  });

  test("a batch under a key is answered item by item from the store", async () => {
    const dispatch = (items: readonly JsonValue[]) => send("/v1/dispatch/batch", "b", items);
    const items = [wireAction({ id: "1" }), wireAction({ id: "2" })];
    expect(await dispatch(items)).toEqual([200, null, [executed, executed]]);
    expect(await dispatch(items)).toEqual([200, "true", [executed, executed]]);
    // A bad item in front moves nobody: each is known by the index that it had.
    expect(await dispatch([3, wireAction({ id: "2" })])).toEqual([200, "true", [refused, executed]]);
    expect(server.lines).toHaveLength(2);
  });

  test("a stream under the same key finds the answers of the batch", async () => {
    const items = [wireAction({ id: "1" }), wireAction({ id: "2" })];
    await send("/v1/dispatch/batch", "s", items);
    await fetch(`${server.url}/v1/dispatch/batch`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", "idempotency-key": "s" },
      body: items.map((item) => JSON.stringify(item)).join("\n"),
    });
    expect(server.lines).toHaveLength(2);
  });
});
