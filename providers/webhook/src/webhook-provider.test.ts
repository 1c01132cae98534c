import { createAction, systemClock, systemRandom } from "@acteon/core";
import type { Clock, JsonValue } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { openHttp } from "@acteon/provider";
import type { Provider, ProviderResult } from "@acteon/provider";
import { FakeService } from "@acteon/provider/conformance";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { webhookProvider } from "./webhook-provider.ts";

let service: FakeService;
let provider: Provider;

beforeEach(async () => {
  service = await FakeService.open();
});

afterEach(async () => {
  await provider.close();
  await service[Symbol.asyncDispose]();
});

function open(config: Record<string, unknown> = {}, clock: Clock = systemClock): void {
  const ports = { name: "hook", http: openHttp({ clock: systemClock }), clock, random: systemRandom, print: () => {} };
  provider = webhookProvider.open({ url: service.url, ...config }, ports);
}

async function execute(payload: JsonValue = {}, number = 1): Promise<ProviderResult> {
  const input = { namespace: "n", tenant: "t", provider: "hook", actionType: "a", payload };
  const action = createAction(input, { clock: systemClock, random: systemRandom });
  return provider.execute(action, { signal: AbortSignal.timeout(5_000), idempotencyKey: "KEY", number });
}

describe("what the reply becomes (`wire-api.md` §5.5)", () => {
  test.each<[number, string | undefined, "success" | "failure", JsonValue]>([
    [200, '{"id":7}', "success", { id: 7 }],
    [201, "[1,2]", "success", [1, 2]],
    [200, "null", "success", null],
    [204, undefined, "success", { status_code: 204 }],
    [200, "fine", "success", { status_code: 200 }],
    [200, '{"id":7', "success", { status_code: 200 }],

    [200, '{"__proto__":{"admin":true}}', "success", { status_code: 200 }],
    [404, '{"error":"no such hook"}', "failure", { error: "no such hook" }],
    [301, undefined, "failure", { status_code: 301 }],
    [500, "oops", "failure", { status_code: 500 }],
    [503, '{"retry":true}', "failure", { retry: true }],
  ])("%i with the body %j is a %s", async (status, body, expected, value) => {
    open();
    service.behave({ kind: "reply", status, headers: { "retry-after": "1" }, ...(body === undefined ? {} : { body }) });
    const response = { status: expected, body: value, headers: {} };
    expect(await execute()).toEqual({ kind: "answered", response });
  });

  test("a reply nested two hundred thousand deep does no harm (S8)", async () => {
    open();
    service.behave({ kind: "reply", status: 200, body: "[".repeat(200_000) + "]".repeat(200_000) });
    expect(await execute()).toMatchObject({ kind: "answered", response: { body: { status_code: 200 } } });
  });

  test("integers beyond 2^53 keep their digits, both ways", async () => {
    open();
    service.behave({ kind: "reply", status: 200, body: '{"id":9007199254740993}' });
    const result = await execute({ amount: JSON.rawJSON("12345678901234567890") });
    expect(JSON.stringify(result)).toContain('"body":{"id":9007199254740993}');
    expect(service.requests[0]?.body).toContain('"payload":{"amount":12345678901234567890}');
  });

  // guarantees §8 row 50
  test.each([
    ["banana", { kind: "backoff" }],
    ["315360000", { kind: "after", delayMs: 60_000 }],
    ["3", { kind: "after", delayMs: 3_000 }],
  ])("429 with Retry-After %s", async (header, retry) => {
    open();
    service.behave({ kind: "reply", status: 429, headers: { "retry-after": header } });
    expect(await execute()).toMatchObject({ kind: "rejected", failure: { code: "RATE_LIMITED" }, retry });
  });

  // guarantees §8 row 51
  test("a reply without end is cut, its status is kept, and nobody tries again", async () => {
    open();
    service.behave({ kind: "flood" });
    expect(await execute()).toEqual({
      kind: "rejected",
      failure: {
        code: "REPLY_TOO_LARGE",
        message: "the webhook answered 200 with too large a reply",
        retryable: false,
      },
      retry: { kind: "never" },
    });
  });

  test("one that drips is cut when the time of the configuration is over", async () => {
    open({ timeout_seconds: 0.1 });
    service.behave({ kind: "drip" });
    await expect(execute()).rejects.toMatchObject({ reason: "timeout", sent: true, status: 200 });
  });
});

describe("signatures (S5)", () => {
  const oldSecret = `whsec_${Buffer.alloc(24, "o").toString("base64")}`;
  const otherSecret = `whsec_${Buffer.alloc(32, "x").toString("base64")}`;
  const newSecret = `whsec_${Buffer.alloc(64, "n").toString("base64")}`;

  test("a receiver verifies the request with either secret while they are rotated, and with no other", async () => {
    open({ signing_secrets: [newSecret, oldSecret] });
    await execute({ note: "Zoë ☃" });
    const { body, headers } = service.requests[0]!;
    const received = headers as Record<string, string>;
    for (const secret of [newSecret, oldSecret]) {
      expect(new Webhook(secret).verify(body, received)).toMatchObject({ payload: { note: "Zoë ☃" } });
    }
    expect(() => new Webhook(otherSecret).verify(body, received)).toThrow("No matching signature");
    expect(() => new Webhook(newSecret).verify(`${body} `, received)).toThrow("No matching signature");
    expect(() => new Webhook(newSecret).verify(body, { ...received, "webhook-id": "other" })).toThrow("No matching");
  });

  test("attempts share the id and have a timestamp each", async () => {
    const clock = createFakeClock(Date.UTC(2026, 10, 21));
    open({ signing_secrets: [newSecret] }, clock);
    await execute({}, 1);
    clock.advance(1_500);
    await execute({}, 2);
    const [first, second] = service.requests.map(({ headers }) => headers);
    expect(first?.["webhook-id"]).toBe("KEY");
    expect(second?.["webhook-id"]).toBe("KEY");
    expect(Number(second?.["webhook-timestamp"]) - Number(first?.["webhook-timestamp"])).toBe(1);
    expect(second?.["webhook-signature"]).not.toBe(first?.["webhook-signature"]);
  });

  test("without a secret the request carries the id alone", async () => {
    open();
    await execute();
    const names = Object.keys(service.requests[0]!.headers).filter((name) => name.startsWith("webhook-"));
    expect(names).toEqual(["webhook-id"]);
  });
});

describe("configuration", () => {
  test.each([
    [{}, { dedup: { kind: "none" }, onAmbiguous: "retry" }],
    [
      { on_ambiguous: "hold", dedup_window_seconds: 3_600 },
      { dedup: { kind: "key", windowMs: 3_600_000 }, onAmbiguous: "hold" },
    ],
  ])("%j makes %j", (config, expected) => {
    open(config);
    expect(provider).toMatchObject({ name: "hook", ...expected });
  });

  // guarantees §8 rows 47, 48, 52, 53; each found at the start, none at the first action
  test.each([
    [{ url: "file:///etc/passwd" }, "/url", "url_not_allowed"],
    [{ url: "http://example.com/" }, "/url", "url_not_allowed"],
    [{ url: "https://user:pw@example.com/" }, "/url", "url_not_allowed"],
    [{ url: "https://example.com:22/" }, "/url", "url_not_allowed"],
    [{ url: "https://127.1/" }, "/url", "address_not_allowed"],
    [{ url: "https://169.254.169.254/" }, "/url", "address_not_allowed"],
    [{ headers: { "x-a": "1\r\nx-b: 2" } }, "/headers/x-a", "header_injection"],
    [{ headers: { Host: "h" } }, "/headers/Host", "reserved_header"],
    [{ headers: { Authorization: "x" } }, "/headers/Authorization", "reserved_header"],
    [{ headers: { "webhook-id": "x" } }, "/headers/webhook-id", "reserved_header"],
    [{ authorization: "Bearer a\nb" }, "/authorization", "header_injection"],
    [{ signing_secrets: ["whsec_c2hvcnQ="] }, "/signing_secrets/0", "invalid_configuration"],
    [{ signing_secrets: [Buffer.alloc(32).toString("base64")] }, "/signing_secrets/0", "invalid_configuration"],
    [{ timeout_seconds: 0 }, "/timeout_seconds", "invalid_configuration"],
    [{ tiemout_seconds: 1 }, "/tiemout_seconds", "invalid_configuration"],
  ])("%j is refused", (config, pointer, code) => {
    open();
    const ports = { name: "hook", http: openHttp({ clock: systemClock }), clock: systemClock, random: systemRandom };
    const reopened = () => webhookProvider.open({ url: service.url, ...config }, { ...ports, print: () => {} });
    expect(reopened).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ pointer, code })] }));
  });
});
