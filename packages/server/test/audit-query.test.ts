import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ServerUnderTest } from "./server-under-test.ts";

let server: ServerUnderTest;

beforeEach(() => {
  server = new ServerUnderTest();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

interface Page {
  readonly total: number;
  readonly next_cursor: string;
}

/** Records reach the trail a moment after the answer. */
async function recorded(count: number): Promise<void> {
  await expect.poll(async () => ((await server.get("/v1/audit")) as Page).total).toBe(count);
}

describe("GET /v1/audit", () => {
  test("row 73: a cursor leads on; an altered one is refused; a limit is clamped", async () => {
    await server.start();
    for (const id of ["1", "2", "3"]) await server.dispatch({ id });
    await recorded(3);
    const first = await server.get("/v1/audit?limit=2");
    expect(first).toMatchObject({ total: 3, limit: 2, offset: 0, records: [{ action_id: "3" }, { action_id: "2" }] });
    const cursor = (first as Page).next_cursor;
    const second = await server.get(`/v1/audit?limit=2&cursor=${cursor}`);
    expect(second).toMatchObject({ records: [{ action_id: "1" }], offset: 0 });
    expect(second).not.toHaveProperty("total");
    expect(second).not.toHaveProperty("next_cursor");
    const altered = await fetch(`${server.url}/v1/audit?cursor=${cursor.slice(0, -2)}xx`);
    expect([altered.status, await altered.json()]).toEqual([400, expect.objectContaining({ code: "invalid_cursor" })]);
    expect(await server.get("/v1/audit?limit=0")).toMatchObject({ limit: 1 });
    expect(await server.get("/v1/audit?limit=1000000000")).toMatchObject({ limit: 1_000 });
    expect(await server.get("/v1/audit?offset=1")).toMatchObject({
      offset: 1,
      records: [{ action_id: "2" }, { action_id: "1" }],
    });
  });

  test("filters are exact, by time too", async () => {
    await server.start();
    await server.dispatch({ id: "1" });
    await server.dispatch({ id: "2", action_type: "noise" });
    await recorded(2);
    expect(await server.get("/v1/audit?outcome=suppressed&matched_rule=quiet")).toMatchObject({
      total: 1,
      records: [{ action_id: "2" }],
    });
    expect(await server.get("/v1/audit?tenant=acm")).toMatchObject({ total: 0 });
    expect(await server.get("/v1/audit?to=2020-01-01T00:00:00Z")).toMatchObject({ total: 0 });
    expect((await fetch(`${server.url}/v1/audit?from=yesterday`)).status).toBe(422);
    expect((await fetch(`${server.url}/v1/audit/nobody`)).status).toBe(404);
  });

  test("row 37: an id with a slash is one segment, decoded once", async () => {
    await server.start();
    await server.dispatch({ id: "a/b%2fc" });
    await recorded(1);
    expect(await server.get("/v1/audit/a%2fb%252fc")).toMatchObject({ action_id: "a/b%2fc" });
  });

  test("without a trail it is not there", async () => {
    await server.start(`${server.config}[audit]\nenabled = false\n`);
    expect((await fetch(`${server.url}/v1/audit`)).status).toBe(404);
  });
});
