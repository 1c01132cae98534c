import { hash } from "node:crypto";
import type { AuditRecord, AuditStore } from "@acteon/audit";
import { encodeAuditBatch } from "@acteon/audit";
import { createMemoryAudit } from "@acteon/audit-memory";
import type { Action } from "@acteon/core";
import { parseAction } from "@acteon/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiKeyEntry } from "../src/auth/auth-file.ts";
import type { Grant, Role } from "../src/auth/principal.ts";
import { createPrincipal } from "../src/auth/principal.ts";
import type { Route } from "../src/http/router.ts";
import { createRoutes } from "../src/routes/routes.ts";
import { wireAction } from "./actions.ts";
import { TestGateway } from "./test-gateway.ts";
import type { TestServer } from "./test-server.ts";
import { startTestServer, testServices } from "./test-server.ts";

const everywhere = ["*"];
const wide: Grant = { tenants: everywhere, namespaces: everywhere, providers: everywhere, actions: everywhere };

function entry(name: string, role: Role, grants: readonly Grant[]): ApiKeyEntry {
  return {
    digest: hash("sha256", name, "buffer"),
    principal: createPrincipal({ id: name, method: "api_key", role, grants }),
  };
}

/** The key of each is its name. */
const keys = [
  entry("admin", "admin", [wide]),
  entry("viewer", "viewer", [wide]),
  entry("acme", "operator", [{ ...wide, tenants: ["acme"] }]),
  entry("foreign", "operator", [{ ...wide, tenants: ["other"] }]),
  entry("nothing", "admin", []),
];

/** What of everything that was stored names the tenant: none of it may reach a foreigner. */
const secret = "only-for-acme";

const action = ((): Action => {
  const parsed = parseAction(wireAction({ payload: { secret } }), { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error("a bad action");
  return parsed.action;
})();

const record: AuditRecord = {
  id: "0197a000-0000-7000-8000-000000000001",
  action,
  verdict: "suppress",
  rule: { name: "quiet", file: "rules/a.yaml", line: 3 },
  ruleSetHash: "h",
  facts: [],
  outcome: { kind: "suppressed", rule: "quiet", reason: undefined },
  attempts: [],
  dispatchedAtMs: 1,
  completedAtMs: 2,
  callerId: "acme",
  authMethod: "api_key",
  lateAnswer: false,
};

let server: TestServer;
let audit: AuditStore;

beforeAll(async () => {
  audit = createMemoryAudit();
  await audit.append(encodeAuditBatch([record]));
  server = await startTestServer({ keys, audit });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

beforeEach(() => {
  server.gateway.calls.length = 0;
  const error = { code: "TIMEOUT", message: secret };
  server.gateway.letters.set("letter", { id: "letter", action, reason: "deadline", error, attempts: 1, diedAtMs: 1 });
});

const table = createRoutes(testServices(new TestGateway()));

/** A request that the route would carry out, of a caller who may. */
const requests: Readonly<Record<string, { readonly path?: string; readonly body?: unknown }>> = {
  "POST /v1/dispatch": { body: wireAction() },
  "POST /v1/dispatch/batch": { body: [wireAction()] },
  "POST /v1/rules/evaluate": { body: wireAction() },
  "PUT /v1/rules/{name}/enabled": { path: "/v1/rules/quiet/enabled", body: { enabled: true } },
  "GET /v1/audit": { path: "/v1/audit?tenant=acme" },
  "GET /v1/audit/{action_id}": { path: "/v1/audit/a-1" },
  "GET /v1/dlq/letters": { path: "/v1/dlq/letters?tenant=acme" },
  "GET /v1/dlq/letters/{id}": { path: "/v1/dlq/letters/letter" },
  "DELETE /v1/dlq/letters/{id}": { path: "/v1/dlq/letters/letter" },
  "POST /v1/dlq/letters/{id}/requeue": { path: "/v1/dlq/letters/letter/requeue" },
};

async function call(
  { method, path }: Route,
  key: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const request = requests[`${method} ${path}`];
  const reply = await fetch(`${server.url}${request?.path ?? path}`, {
    method,
    headers: {
      ...(request?.body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(request?.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  return { status: reply.status, text: await reply.text() };
}

const publicPaths = ["/live", "/ready", "/health", "/metrics", "/metrics/prometheus"];

describe("T13: every route, whoever asks", () => {
  test("S1: what is public is this, and nothing else", () => {
    const open = table.filter(({ permission }) => permission === "public").map(({ path }) => path);
    expect(open).toEqual(publicPaths);
  });

  test("each route with a parameter or a tenant has a request here", () => {
    const named = table.filter(({ path }) => path.includes("{")).map(({ method, path }) => `${method} ${path}`);
    expect(named.filter((route) => requests[route] === undefined)).toEqual([]);
  });

  const guarded = table.filter(({ permission }) => permission !== "public");

  test.each(table)("$method $path: an administrator of everything is served", async (route) => {
    expect((await call(route, "admin")).status).toBeLessThan(300);
  });

  test.each(guarded)(
    "row 42: $method $path without or with wrong credentials is 401, and nothing happens",
    async (route) => {
      for (const key of [undefined, "wrong"]) {
        const { status, text } = await call(route, key);
        expect(status).toBe(401);
        expect(JSON.parse(text)).toMatchObject({ code: "unauthenticated", message: "missing or invalid credentials" });
      }
      expect(server.gateway.calls).toEqual([]);
      expect(server.gateway.letters.size).toBe(1);
    },
  );

  test.each(guarded)(
    "row 45, S2: $method $path for a foreign tenant is 403, 404 or empty, and never data",
    async (route) => {
      for (const key of ["foreign", "nothing"]) {
        const { status, text } = await call(route, key);
        expect([200, 403, 404]).toContain(status);
        expect(text).not.toContain(secret);
        if (route.path.includes("dispatch")) expect(status).toBe(403);
      }
      expect(server.gateway.calls).toEqual([]);
      expect(server.gateway.letters.size).toBe(1);
    },
  );

  test.each(guarded)("$method $path: a viewer may look and not touch", async (route) => {
    expect((await call(route, "viewer")).status).toBe(route.permission === "act" ? 403 : 200);
    expect(server.gateway.calls).toEqual([]);
    expect(server.gateway.letters.size).toBe(1);
  });
});

describe("grants", () => {
  test("one action outside of them refuses the whole batch", async () => {
    const reply = await fetch(`${server.url}/v1/dispatch/batch`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer acme" },
      body: JSON.stringify([wireAction(), wireAction({ tenant: "other" })]),
    });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("tenant=other") as string,
    });
    expect(server.gateway.calls).toEqual([]);
  });

  test("of a stream they refuse the line", async () => {
    const reply = await fetch(`${server.url}/v1/dispatch/batch`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", authorization: "Bearer acme" },
      body: `${JSON.stringify(wireAction())}\n${JSON.stringify(wireAction({ tenant: "other" }))}\n`,
    });
    const elements = (await reply.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(elements).toMatchObject([{ Executed: {} }, { error: { code: "forbidden" } }]);
  });

  test("the caller's name goes with the dispatch", async () => {
    await fetch(`${server.url}/v1/dispatch`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "acme" },
      body: JSON.stringify(wireAction()),
    });
    expect(server.gateway.calls[0]?.options.caller).toMatchObject({ id: "acme", method: "api_key" });
  });

  test("a tenant that is named and not covered is 403, a query that names none shows what is", async () => {
    const ask = async (query: string, key: string): Promise<unknown> => {
      const reply = await fetch(`${server.url}/v1/audit${query}`, { headers: { authorization: `Bearer ${key}` } });
      return reply.status === 200 ? ((await reply.json()) as { total: number }).total : reply.status;
    };
    expect(await ask("?tenant=acme", "foreign")).toBe(403);
    expect(await ask("", "foreign")).toBe(0);
    expect(await ask("", "acme")).toBe(1);
    expect(await ask("?tenant=acme.eu", "acme")).toBe(0);
  });
});

describe("row 46", () => {
  test("a storm of bad keys is 429, and a forged X-Forwarded-For changes nothing", async () => {
    await using other = await startTestServer({ keys, maxFailuresPerMinute: 5 });
    const guess = async (i: number): Promise<number> => {
      const headers = { authorization: `Bearer guess-${i}`, "x-forwarded-for": `10.0.0.${i}` };
      return (await fetch(`${other.url}/v1/audit`, { headers })).status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push(await guess(i));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  test("the word of a listed proxy is taken", async () => {
    await using other = await startTestServer({ keys, maxFailuresPerMinute: 1, trustedProxies: ["127.0.0.1"] });
    const guess = async (from: string): Promise<number> => {
      const headers = { authorization: "Bearer guess", "x-forwarded-for": from };
      return (await fetch(`${other.url}/v1/audit`, { headers })).status;
    };
    expect(await guess("10.0.0.1")).toBe(401);
    expect(await guess("10.0.0.2")).toBe(401);
    // What stands in front of the proxy's own entry was written by the client.
    expect(await guess("10.9.9.9, 10.0.0.1")).toBe(429);
  });
});

describe("pages of other origins", () => {
  const from = async (url: string, origin: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/v1/dispatch`, {
      method: "POST",
      body: JSON.stringify(wireAction()),
      ...init,
      headers: { "content-type": "application/json", origin, authorization: "Bearer admin" },
    });

  test("S1: where no key is needed, a stranger's page has no effect", async () => {
    await using other = await startTestServer();
    expect((await from(other.url, "https://evil.example")).status).toBe(403);
    expect((await from(other.url, "null")).status).toBe(403);
    expect(other.gateway.calls).toEqual([]);
    const own = await from(other.url, "http://localhost:3000");
    expect([own.status, own.headers.get("access-control-allow-origin")]).toEqual([200, "http://localhost:3000"]);
  });

  test("where a key is needed, any page may read, as existing clients expect", async () => {
    const reply = await from(server.url, "https://page.example");
    expect([reply.status, reply.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  });

  test("server.cors_allowed_origins narrows that", async () => {
    await using other = await startTestServer({ keys, corsAllowedOrigins: ["https://a.example"] });
    const allowed = await from(other.url, "https://a.example");
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://a.example");
    expect((await from(other.url, "https://b.example")).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("a preflight tells what the path takes", async () => {
    const reply = await fetch(`${server.url}/v1/dispatch`, {
      method: "OPTIONS",
      headers: {
        origin: "https://page.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect(reply.status).toBe(204);
    expect(reply.headers.get("access-control-allow-methods")).toBe("POST");
    expect(reply.headers.get("access-control-allow-headers")).toBe("authorization");
  });
});
